export type { MapArea, MapCamera, MapIncident, MapUnit } from './features'
