export const wallSizes = [1, 4, 9, 16] as const
export type WallSize = (typeof wallSizes)[number]

/** Which camera hangs where. There are always 16 places; a smaller wall shows the first of them and forgets none. */
export type Wall = { size: WallSize; places: readonly (string | null)[]; active: number; large: boolean }

export const emptyWall: Wall = { size: 4, places: Array<string | null>(16).fill(null), active: 0, large: false }

export function sideOf(size: WallSize): number {
  return Math.sqrt(size)
}

/** Places shown now, by number. */
export function shownPlaces(wall: Wall): number[] {
  return wall.large ? [wall.active] : Array.from({ length: wall.size }, (_, at) => at)
}

export function resized(wall: Wall, size: WallSize): Wall {
  // The camera one is at stays in sight.
  const camera = wall.places[wall.active] ?? null
  const away = wall.active >= size && camera !== null
  const places = away ? wall.places.with(wall.active, wall.places[0] ?? null).with(0, camera) : wall.places
  return { ...wall, size, places, large: false, active: away ? 0 : Math.min(wall.active, size - 1) }
}

/** Hangs a camera: at the place given, else where it hangs already, else at the first free place, else at the active one. */
export function hung(wall: Wall, camera: string, at?: number): Wall {
  const before = wall.places.indexOf(camera)
  if (at === undefined && before >= 0 && before < wall.size) return { ...wall, active: before }
  const free = wall.places.findIndex((one, place) => one === null && place < wall.size)
  const place = at ?? (wall.places[wall.active] === null ? wall.active : free >= 0 ? free : wall.active)
  // Drawn from one place to another, the two change places.
  const places = before >= 0 ? wall.places.with(before, wall.places[place] ?? null) : wall.places
  return { ...wall, places: places.with(place, camera), active: place }
}

export function taken(wall: Wall, at: number): Wall {
  return { ...wall, places: wall.places.with(at, null), large: false }
}

/** Fills the free places in sight. */
export function filled(wall: Wall, cameras: readonly string[]): Wall {
  let left = cameras.filter((one) => !wall.places.includes(one))
  const places = wall.places.map((one, at) => {
    if (one !== null || at >= wall.size || left.length === 0) return one
    const [first = null, ...rest] = left
    left = rest
    return first
  })
  return { ...wall, places }
}

/** What an arrow, Enter or Escape does on the wall; null where the key means nothing here. */
export function pressed(wall: Wall, key: string): Wall | null {
  const side = sideOf(wall.size)
  const [row, column] = [Math.floor(wall.active / side), wall.active % side]
  const to = (r: number, c: number): Wall => ({ ...wall, active: r * side + c })
  switch (key) {
    case 'ArrowLeft':
      return column > 0 ? to(row, column - 1) : wall
    case 'ArrowRight':
      return column < side - 1 ? to(row, column + 1) : wall
    case 'ArrowUp':
      return row > 0 ? to(row - 1, column) : wall
    case 'ArrowDown':
      return row < side - 1 ? to(row + 1, column) : wall
    case 'Home':
      return { ...wall, active: 0 }
    case 'End':
      return { ...wall, active: wall.size - 1 }
    case 'Enter':
      return wall.places[wall.active] === null ? null : { ...wall, large: !wall.large }
    case 'Escape':
      return wall.large ? { ...wall, large: false } : null
    default:
      return null
  }
}

/** What the address says: `4.id,,id`. */
export function readWall(text: string | undefined, longId: (id: string) => string): Wall {
  const [size, ids = ''] = (text ?? '').split('.')
  const wanted = wallSizes.find((one) => String(one) === size)
  if (wanted === undefined) return emptyWall
  const named = ids.split(',').slice(0, 16).map((one) => (/^[\w-]{1,40}$/.test(one) ? longId(one) : null))
  return { ...emptyWall, size: wanted, places: emptyWall.places.map((_, at) => named[at] ?? null) }
}

export function writeWall(wall: Wall, shortId: (id: string) => string): string {
  const last = wall.places.findLastIndex((one) => one !== null)
  return `${wall.size}.${wall.places.slice(0, last + 1).map((one) => (one === null ? '' : shortId(one))).join(',')}`
}
