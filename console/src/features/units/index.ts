export { counts, staleAfterMs, UnitPanel } from './UnitPanel'
export { unitsQuery, useSetStatus } from './units.queries'
