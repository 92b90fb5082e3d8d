/** A stretch of a playlist without a hole: from a moment of the world, at a place on the player's own clock (s). */
export type Stretch = { wall: number; media: number; duration: number }

const slack = 250

/**
 * Which moment of the world is where in a recorded HLS playlist (RFC 8216 §4.3.2.6). The player's clock counts played
 * seconds only; holes between recordings do not exist on it.
 */
export function stretches(playlist: string): Stretch[] {
  const found: Stretch[] = []
  let wall = Number.NaN
  let media = 0
  let duration = 0
  for (const line of playlist.split('\n')) {
    if (line.startsWith('#EXT-X-PROGRAM-DATE-TIME:')) wall = Date.parse(line.slice(25).trim())
    else if (line.startsWith('#EXTINF:')) duration = Number.parseFloat(line.slice(8))
    else if (line !== '' && !line.startsWith('#') && duration > 0) {
      const last = found.at(-1)
      if (!Number.isNaN(wall)) {
        if (last && Math.abs(last.wall + last.duration * 1000 - wall) < slack) last.duration += duration
        else found.push({ wall, media, duration })
        wall += duration * 1000
      }
      media += duration
      duration = 0
    }
  }
  return found
}

/** Where on the player's clock a moment is; null where nothing is recorded. */
export function mediaAt(all: readonly Stretch[], wall: number): number | null {
  const one = all.find((stretch) => wall >= stretch.wall - 1 && wall < stretch.wall + stretch.duration * 1000)
  return one ? one.media + Math.max(0, wall - one.wall) / 1000 : null
}

/** The end of what is there, in ms since the epoch; null where nothing is. */
export function lastOf(all: readonly Stretch[]): number | null {
  const last = all.at(-1)
  return last ? last.wall + last.duration * 1000 : null
}

const grain = 10 * 60_000
const span = 20 * 60_000

export type Window = { from: number; to: number }

/** The part of the day to ask for, so that moving about in it asks for nothing new: up to 20 minutes, from a round time. */
export function windowFor(wall: number, now: number): Window {
  const from = Math.floor((wall - 30_000) / grain) * grain
  return { from, to: Math.max(from + 1_000, Math.min(from + span, Math.floor(now / 1000) * 1000)) }
}

/** Whether another part must be fetched: the moment lies outside, or so near the end that playing would stop. */
export function leaves(window: Window, wall: number, now: number): boolean {
  if (wall < window.from || wall >= window.to) return true
  const whole = window.to - window.from >= span
  // What is not whole was cut at the present of then: there may be more now.
  return wall > window.to - (whole ? 15_000 : 4_000) && (whole || now - window.to > 4_000)
}
