import { Refused, request } from '../../api/http'
import type { City, SignedIn } from '../../api/types'

/** Which purpose opens a recording: one for its incident where it has one, else one that needs none; null where the roles allow none. */
export function purposeFor(purposes: City['purposes'], roles: readonly string[], incident: string | null): { purpose: string; case?: string } | null {
  const mine = purposes.filter((one) => one.roles?.some((role) => roles.includes(role)) ?? true)
  const withCase = incident === null ? undefined : mine.find((one) => one.needsCase)
  if (withCase && incident !== null) return { purpose: withCase.code, case: incident }
  const without = mine.find((one) => !one.needsCase)
  return without ? { purpose: without.code, ...(incident === null ? {} : { case: incident }) } : null
}

const taken = new Map<string, { id: string; until: number }>()
const reserveMs = 30_000

/**
 * Asks first without a grant, as the server knows the seat and the incident one works on; where that opens nothing, takes
 * a grant for the person who pressed the button and asks again. Each is in the audit log.
 */
export async function underGrant<T>(who: Pick<SignedIn, 'roles'> & { person: { id: string } }, city: Pick<City, 'purposes'>, incident: string | null, send: (grant: string | undefined) => Promise<T>): Promise<T> {
  const key = `${who.person.id} ${incident ?? ''}`
  const held = taken.get(key)
  const grant = held && held.until > Date.now() + reserveMs ? held.id : undefined
  try {
    return await send(grant)
  } catch (refused) {
    if (!(refused instanceof Refused) || refused.problem.status !== 403 || grant !== undefined) throw refused
    const wanted = purposeFor(city.purposes, who.roles, incident)
    if (!wanted) throw refused
    const given = await request<{ id: string; until: string }>('POST', '/api/grants', { body: wanted })
    taken.set(key, { id: given.id, until: Date.parse(given.until) })
    return send(given.id)
  }
}
