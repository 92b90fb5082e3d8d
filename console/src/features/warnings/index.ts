export { holds, notReal } from './warning'
export { WarningPanel } from './WarningPanel'
export { activeWarningsQuery } from './warnings.queries'
