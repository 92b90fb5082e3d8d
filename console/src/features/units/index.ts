export { counts, UnitPanel } from './UnitPanel'
export { unitsQuery, useSetStatus } from './units.queries'
