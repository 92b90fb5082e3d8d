import type { City, Incident, Proposal, Severity } from '../../api/types'
import { metres } from '../../format'
import type { Unit } from '../../api/types'

/** Most urgent first; among equals the one that has waited longest. */
export function byUrgency(a: Incident, b: Incident): number {
  return a.priority - b.priority || Date.parse(a.openedAt) - Date.parse(b.openedAt) || a.id.localeCompare(b.id)
}

/** `due`: nobody is assigned; `overdue`: for longer than the city allows at this priority. */
export function waiting(incident: Incident, city: Pick<City, 'priorities'>, now: number): 'no' | 'due' | 'overdue' {
  if (incident.state === 'closed' || incident.units.length > 0) return 'no'
  const allowed = city.priorities.find((one) => one.level === incident.priority)?.unassignedAfterSeconds
  return allowed !== null && allowed !== undefined && now - Date.parse(incident.openedAt) > allowed * 1000 ? 'overdue' : 'due'
}

/** Every word of the filter must be found somewhere in what the row shows. */
export function matches(filter: string, texts: readonly (string | null | undefined)[]): boolean {
  const words = filter.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  const all = texts.filter(Boolean).join(' ').toLocaleLowerCase()
  return words.every((word) => all.includes(word))
}

/** @property proposal what the server says of it; absent until it has, and for units too far away */
export type Candidate = { unit: Unit; metres: number | null; fits: boolean; proposal?: Proposal | undefined }

/** Units that could be sent: those of the kinds that the type wants first, the soonest there first, or the nearest while times are not known; those whose place is unknown come last; busy ones only when asked for by name. */
export function candidates(units: readonly Unit[], incident: Incident, wanted: readonly string[], filter: string, proposals: readonly Proposal[] = []): Candidate[] {
  const advised = new Map(proposals.map((one) => [one.unit, one]))
  return units
    .filter((unit) => !incident.units.some((one) => one.id === unit.id))
    .filter((unit) => matches(filter, [unit.callSign, unit.kind]))
    .filter((unit) => unit.status.state === 'AVAILABLE' || (filter !== '' && unit.status.state !== 'OUT_OF_SERVICE'))
    .map((unit) => ({
      unit,
      metres: unit.position && incident.place ? metres(unit.position, incident.place) : null,
      fits: wanted.length === 0 || wanted.includes(unit.kind),
      proposal: advised.get(unit.id),
    }))
    .sort(
      (a, b) =>
        exact(b, filter) - exact(a, filter) ||
        free(b) - free(a) ||
        Number(b.fits) - Number(a.fits) ||
        soonest(a, b) ||
        (a.metres ?? Number.POSITIVE_INFINITY) - (b.metres ?? Number.POSITIVE_INFINITY) ||
        a.unit.callSign.localeCompare(b.unit.callSign, undefined, { numeric: true }),
    )
}

/** By travel time; those that have none come after. */
function soonest(a: Candidate, b: Candidate): number {
  const [first, second] = [a.proposal?.seconds ?? null, b.proposal?.seconds ?? null]
  if (first === null || second === null) return Number(first === null) - Number(second === null)
  return first - second
}

/** Which of the server's reasons a dispatcher must read beside the time: what is as it should be needs no words. */
export function remarks(proposal: Proposal | undefined): { code: Remark; value: unknown }[] {
  return (proposal?.reasons ?? []).flatMap((reason) => {
    const code = remarkCodes.find((one) => one === reason.code)
    return code ? [{ code, value: Object.values(reason.values)[0] }] : []
  })
}

const remarkCodes = ['estimated', 'place-old', 'place-withheld', 'may-not-send'] as const
export type Remark = (typeof remarkCodes)[number]

const exact = (one: Candidate, filter: string) => Number(one.unit.callSign.toLowerCase() === filter.trim().toLowerCase())
const free = (one: Candidate) => Number(one.unit.status.state === 'AVAILABLE')

export type Draft = { type: string; priority: Severity | null; place: string; description: string; callerName: string; callerPhone: string }
export const emptyDraft: Draft = { type: '', priority: null, place: '', description: '', callerName: '', callerPhone: '' }
