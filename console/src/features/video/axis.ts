/** A view on the clock, in ms since the epoch. */
export type Axis = { from: number; to: number }
export type Tick = { at: number; label: string; strong: boolean }

export const minute = 60_000
export const hour = 60 * minute
const least = minute
const steps = [1_000, 5_000, 10_000, 30_000, minute, 5 * minute, 10 * minute, 30 * minute, hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour]

/** Where the day begins in the city. Found by correcting twice: the first guess may lie on the other side of a change of the clock. */
export function dayStart(day: string, timeZone: string): number {
  const wanted = Date.parse(`${day}T00:00:00Z`)
  const first = wanted - offset(wanted, timeZone)
  return wanted - offset(first, timeZone)
}

export function dayOf(at: number, timeZone: string): string {
  return new Date(at + offset(at, timeZone)).toISOString().slice(0, 10)
}

export function nextDay(day: string, by: number): string {
  return new Date(Date.parse(`${day}T12:00:00Z`) + by * 24 * hour).toISOString().slice(0, 10)
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** The city's clock less UTC at a moment, in ms. */
function offset(at: number, timeZone: string): number {
  let format = formats.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' })
    formats.set(timeZone, format)
  }
  const part = Object.fromEntries(format.formatToParts(at).map((one) => [one.type, Number(one.value)]))
  const shown = Date.UTC(part.year ?? 0, (part.month ?? 1) - 1, part.day, part.hour, part.minute, part.second)
  return shown - Math.floor(at / 1000) * 1000
}

export function xOf(at: number, axis: Axis, width: number): number {
  return ((at - axis.from) / (axis.to - axis.from)) * width
}

export function timeAt(x: number, axis: Axis, width: number): number {
  return axis.from + (x / Math.max(1, width)) * (axis.to - axis.from)
}

/** Closer or wider round a moment that stays where it is; never beyond the bounds, never closer than a minute. */
export function zoom(axis: Axis, round: number, factor: number, bounds: Axis): Axis {
  const span = Math.min(bounds.to - bounds.from, Math.max(least, (axis.to - axis.from) * factor))
  const share = (round - axis.from) / (axis.to - axis.from)
  return held({ from: round - share * span, to: round - share * span + span }, bounds)
}

export function pan(axis: Axis, by: number, bounds: Axis): Axis {
  return held({ from: axis.from + by, to: axis.to + by }, bounds)
}

/** Moves just so far that the moment can be seen. */
export function reveal(axis: Axis, at: number, bounds: Axis): Axis {
  if (at >= axis.from && at <= axis.to) return axis
  const span = axis.to - axis.from
  return held({ from: at - span / 2, to: at + span / 2 }, bounds)
}

function held(axis: Axis, bounds: Axis): Axis {
  const span = Math.min(axis.to - axis.from, bounds.to - bounds.from)
  const from = Math.min(Math.max(axis.from, bounds.from), bounds.to - span)
  return { from, to: from + span }
}

/** Marks on round times of the city's clock, at least so many px apart. */
export function ticks(axis: Axis, width: number, timeZone: string, apart = 76): Tick[] {
  const wanted = ((axis.to - axis.from) / Math.max(1, width)) * apart
  const step = steps.find((one) => one >= wanted) ?? 24 * hour
  const shift = offset(axis.from, timeZone)
  const found: Tick[] = []
  for (let local = Math.ceil((axis.from + shift) / step) * step; found.length < 400; local += step) {
    // On the day the clock changes, marks after the change follow the new time.
    const at = local - offset(local - shift, timeZone)
    if (at > axis.to) break
    const text = new Date(local).toISOString()
    found.push({ at, label: step < minute ? text.slice(11, 19) : text.slice(11, 16), strong: local % (step * 6) === 0 })
  }
  return found
}

export type Bar = { x: number; width: number }

/** Spans as bars in px; those that would melt into each other are one, so that a day of gaps stays drawable. */
export function bars(spans: readonly { from: number; to: number }[], axis: Axis, width: number): Bar[] {
  const drawn: Bar[] = []
  for (const span of spans) {
    if (span.to <= axis.from || span.from >= axis.to) continue
    const x = Math.max(0, xOf(span.from, axis, width))
    const end = Math.max(x + 1, Math.min(width, xOf(span.to, axis, width)))
    const last = drawn.at(-1)
    if (last && x <= last.x + last.width + 0.5) last.width = Math.max(last.width, end - last.x)
    else drawn.push({ x, width: end - x })
  }
  return drawn
}
