export { SystemScreen } from './SystemScreen'
