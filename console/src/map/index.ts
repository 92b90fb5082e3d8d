export type { MapArea, MapIncident, MapUnit } from './features'
