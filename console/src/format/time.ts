/** An age as dispatchers read it: `02:14` under an hour, `1:05:09` under a day, then days. */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const two = (n: number) => String(n).padStart(2, '0')
  const s = seconds % 60
  const m = Math.floor(seconds / 60) % 60
  const h = Math.floor(seconds / 3600)
  if (h === 0) return `${two(m)}:${two(s)}`
  if (h < 24) return `${h}:${two(m)}:${two(s)}`
  return `${Math.floor(h / 24)}d ${two(h % 24)}:${two(m)}`
}

/** A length of time in the reader's words, coarsely: `3 hr`, `12 min`. */
export function roughly(ms: number, language: string): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  const [value, unit] =
    seconds < 60 ? ([seconds, 'second'] as const)
    : seconds < 5_400 ? ([Math.round(seconds / 60), 'minute'] as const)
    : seconds < 129_600 ? ([Math.round(seconds / 3600), 'hour'] as const)
    : ([Math.round(seconds / 86_400), 'day'] as const)
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(value)
}

/** Digits stay Latin and the clock 24 hours in every language: they are read aloud on the radio. */
const digits = (language: string) => `${language}-u-nu-latn`

export function clock(at: number | string, language: string, timeZone: string): string {
  const format = { timeZone, hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const
  return new Intl.DateTimeFormat(digits(language), format).format(new Date(at))
}

export function dayAndClock(at: number | string, language: string, timeZone: string): string {
  const format = { timeZone, day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  return new Intl.DateTimeFormat(digits(language), format).format(new Date(at))
}

/** `2026-03-01`: the one date that is read the same everywhere. */
export function isoDay(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(new Date(at))
}
