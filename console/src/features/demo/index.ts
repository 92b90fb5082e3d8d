export { DemoPanel } from './DemoPanel'
