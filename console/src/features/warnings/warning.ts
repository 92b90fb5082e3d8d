import type { Warning, WarningSeverity } from '../../api/types'

const ranks: WarningSeverity[] = ['Extreme', 'Severe', 'Moderate', 'Minor', 'Unknown']

/** Real before not real, then the most severe, then what ends first. */
export function byGravity(a: Warning, b: Warning): number {
  return (
    Number(b.real) - Number(a.real) ||
    ranks.indexOf(a.severity) - ranks.indexOf(b.severity) ||
    Date.parse(a.expires ?? '9999-01-01') - Date.parse(b.expires ?? '9999-01-01') ||
    a.event.localeCompare(b.event) ||
    a.id.localeCompare(b.id)
  )
}

/** What a warning that is not real must be marked with everywhere; null for a real one. */
export function notReal(warning: Pick<Warning, 'real' | 'status'>): 'test' | 'exercise' | 'system' | 'draft' | null {
  if (warning.real && warning.status === 'Actual') return null
  switch (warning.status) {
    case 'Exercise':
      return 'exercise'
    case 'Draft':
      return 'draft'
    case 'System':
      return 'system'
    default:
      return 'test'
  }
}

/** Whether it still holds at this time: the expiry may pass between two messages of the server. */
export function holds(warning: Warning, now: number): boolean {
  return warning.state === 'active' && (warning.expires === null || Date.parse(warning.expires) > now)
}

/** Alert areas as senders name them: "A; B; C" is three. */
export function areaNames(warning: Warning): string[] {
  return [...new Set(warning.areas.flatMap((area) => area.name.split(/\s*;\s*/)).filter(Boolean))]
}

export type AreaGroup = { area: string; warnings: Warning[] }

/** The same warnings by the places they hold for, most severe place first. */
export function byArea(warnings: readonly Warning[]): AreaGroup[] {
  const groups = new Map<string, Warning[]>()
  for (const warning of warnings) {
    for (const area of areaNames(warning)) {
      const held = groups.get(area)
      if (held) held.push(warning)
      else groups.set(area, [warning])
    }
  }
  return [...groups]
    .map(([area, held]) => ({ area, warnings: held.sort(byGravity) }))
    .sort((a, b) => (a.warnings[0] && b.warnings[0] ? byGravity(a.warnings[0], b.warnings[0]) : 0) || a.area.localeCompare(b.area))
}

/** Senders break their text for teleprinters of 69 columns; a line that ends for no other reason goes on. */
export function unwrapped(text: string): string {
  return text.replaceAll(/^(.{52,72})\n(?=[^\n*.\s])/gm, '$1 ')
}
