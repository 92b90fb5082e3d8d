/** A strip of small pictures as one answer gives it: from, to and step in milliseconds. */
export type StripSpan = { from: number; to: number; step: number }
export type Tile = { at: number; src: string }

const stepSeconds = [2, 5, 10, 30, 60, 120, 300, 900, 1_800] as const
const pixelsEach = 12
const tilesEach = 24
/** A key frame may be that much older than the moment it shows. */
const backMs = 15_000

/** The strip that has this moment at this zoom: strips begin at whole multiples of their length, so each is asked for once. */
export function stripAt(wall: number, msPerPixel: number): StripSpan {
  const wanted = (msPerPixel * pixelsEach) / 1_000
  const step = (stepSeconds.find((one) => one >= wanted) ?? stepSeconds[stepSeconds.length - 1] ?? 10) * 1_000
  const length = step * tilesEach
  const from = Math.floor(wall / length) * length
  return { from, to: from + length, step }
}

/** The picture that shows this moment, if there is one near. */
export function tileAt(tiles: readonly Tile[], wall: number, step: number): Tile | null {
  const before = tiles.filter((tile) => tile.at <= wall).at(-1) ?? tiles[0]
  return before && Math.abs(wall - before.at) <= step + backMs ? before : null
}
