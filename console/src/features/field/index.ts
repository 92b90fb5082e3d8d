export { FieldOffline } from './FieldOffline'
export { FieldScreen } from './FieldScreen'
