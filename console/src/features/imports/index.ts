export { ImportsScreen } from './ImportsScreen'
