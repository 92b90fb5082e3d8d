export { contrast } from './contrast'
export { colour, onThemeChange } from './theme'
