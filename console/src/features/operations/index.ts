export { OperationsScreen } from './OperationsScreen'
export { panelOf, readWhere, type Where } from './where'
