/** One typed line, as dispatchers say it: a letter for the deed, then for whom. Anything else is a search. */
export type Line =
  | { kind: 'dispatch'; callSigns: string[] }
  | { kind: 'release'; callSigns: string[] }
  | { kind: 'new'; type: string; description: string }
  | { kind: 'goTo'; number: string }
  | { kind: 'status'; callSign: string; code: string }
  | { kind: 'priority'; level: 1 | 2 | 3 | 4 }
  | { kind: 'note'; text: string }
  | { kind: 'search'; text: string }

export function parseLine(typed: string): Line {
  const text = typed.trim()
  const [letter = '', ...rest] = text.split(/\s+/)
  const said = text.slice(letter.length).trim()
  if (rest.length === 0) return { kind: 'search', text }
  switch (letter.toUpperCase()) {
    case 'D':
      return { kind: 'dispatch', callSigns: callSigns(rest) }
    case 'R':
      return { kind: 'release', callSigns: callSigns(rest) }
    case 'N':
      return { kind: 'new', type: rest[0] ?? '', description: said.slice((rest[0] ?? '').length).trim() }
    case 'G':
      return { kind: 'goTo', number: incidentNumber(said) }
    case 'S':
      return rest.length === 2 ? { kind: 'status', callSign: (rest[0] ?? '').toUpperCase(), code: rest[1] ?? '' } : { kind: 'search', text }
    case 'P': {
      const level = Number(said)
      return level === 1 || level === 2 || level === 3 || level === 4 ? { kind: 'priority', level } : { kind: 'search', text }
    }
    case 'T':
      return { kind: 'note', text: said }
    default:
      return { kind: 'search', text }
  }
}

function callSigns(words: readonly string[]): string[] {
  return [...new Set(words.flatMap((word) => word.split(',')).map((word) => word.toUpperCase()).filter(Boolean))]
}

/** `12`, `i12`, `I-12` all mean I-12. */
export function incidentNumber(said: string): string {
  const match = /^i?-?(\d+)$/i.exec(said.replaceAll(/\s/g, ''))
  return match ? `I-${match[1]}` : said.toUpperCase()
}
