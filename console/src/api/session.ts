import { queryOptions, useQuery } from '@tanstack/react-query'
import { request, useCsrf } from './http'
import type { City, Session, SignedIn } from './types'

function taken(session: Session): Session {
  useCsrf(session.csrf)
  return session
}

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }) => taken(await request<Session>('GET', '/api/session', { signal })),
  staleTime: Number.POSITIVE_INFINITY,
  retry: 1,
})

export const cityQuery = queryOptions({
  queryKey: ['city'],
  queryFn: ({ signal }) => request<City>('GET', '/api/city', { signal }),
  staleTime: Number.POSITIVE_INFINITY,
  // On a first start the map is made while people already work; it comes by itself.
  refetchInterval: (query) => (query.state.data?.map === null ? 20_000 : false),
})

export async function signIn(username: string, password: string): Promise<Session> {
  return taken(await request<Session>('POST', '/api/session', { body: { username, password } }))
}

export async function changeSession(change: { organisation?: string; seat?: string }): Promise<Session> {
  return taken(await request<Session>('PATCH', '/api/session', { body: change }))
}

/** All other sessions of the person end. */
export async function changePassword(current: string, password: string): Promise<Session> {
  return taken(await request<Session>('PUT', '/api/session/password', { body: { current, password } }))
}

/** In a demonstration only: goes on as another invented person. */
export async function becomePerson(username: string): Promise<Session> {
  return taken(await request<Session>('PUT', '/api/session/person', { body: { username } }))
}

export function signOut(): Promise<void> {
  return request('DELETE', '/api/session')
}

/** The session and the city, for parts shown only once both are there. */
export function useSignedIn(): SignedIn {
  const { data } = useQuery(sessionQuery)
  if (!data?.signedIn) throw new Error('shown without a session')
  return data
}

export function useCity(): City {
  const { data } = useQuery(cityQuery)
  if (!data) throw new Error('shown without the city')
  return data
}
