export { bytes } from './bytes'
export { nameIn } from './names'
export { bounds, coordinates, distance, inside, metres, middle, readCoordinates } from './place'
export { age, clock, dayAndClock, isoDay, roughly } from './time'
