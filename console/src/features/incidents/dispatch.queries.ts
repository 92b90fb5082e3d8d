import { queryOptions, useQuery } from '@tanstack/react-query'
import type { Point } from 'geojson'
import { useEffect, useState } from 'react'
import { Refused, request } from '../../api/http'
import { cacheKeys } from '../../api/keys'
import { useCity } from '../../api/session'
import type { FoundPlace, PossibleDuplicate, Proposal } from '../../api/types'
import { readCoordinates } from '../../format'

/** Whom to send, with travel times. Units move, so it is asked again while it is looked at. */
export const proposalsQuery = (incident: string) =>
  queryOptions({
    queryKey: cacheKeys.proposals(incident),
    queryFn: async ({ signal }) => (await request<{ items: Proposal[] }>('GET', `/api/incidents/${encodeURIComponent(incident)}/proposals?limit=100`, { signal })).items,
    staleTime: 5_000,
    refetchInterval: 15_000,
    retry: false,
  })

/** Open incidents that a call from this place may be about. */
export const duplicatesQuery = (place: Point | null, type: string) => {
  const near = place ? place.coordinates.slice(0, 2).join(',') : ''
  return queryOptions({
    queryKey: cacheKeys.duplicates(near, type),
    queryFn: async ({ signal }) => (await request<{ items: PossibleDuplicate[] }>('GET', `/api/incidents/duplicates?near=${near}${type ? `&type=${encodeURIComponent(type)}` : ''}`, { signal })).items,
    enabled: place !== null,
    staleTime: 5_000,
    retry: false,
  })
}

const pauseMs = 120
/** A map that came finished has no addresses: asking once tells. */
let searchable = true

/** Places of the map by name, as one types; none where there is no map to search in. Never those of what was typed before: Enter must not pick another street. */
export function usePlaces(typed: string): { places: readonly FoundPlace[]; searching: boolean } {
  const { area, map } = useCity()
  const [text, setText] = useState('')
  useEffect(() => {
    const later = setTimeout(() => setText(typed.trim()), pauseMs)
    return () => clearTimeout(later)
  }, [typed])
  const wanted = searchable && map !== null && text.length >= 2 && text.length <= 200 && readCoordinates(text) === null
  const near = area ? `&near=${(area[0] + area[2]) / 2},${(area[1] + area[3]) / 2}` : ''
  const found = useQuery({
    queryKey: cacheKeys.places(text),
    queryFn: async ({ signal }) => {
      try {
        return await request<FoundPlace[]>('GET', `/api/places?q=${encodeURIComponent(text)}&limit=8${near}`, { signal })
      } catch (refused) {
        if (refused instanceof Refused && refused.problem.status === 409) searchable = false
        throw refused
      }
    },
    enabled: wanted,
    staleTime: 300_000,
    gcTime: 60_000,
    retry: false,
  })
  const settled = text === typed.trim()
  return { places: settled && wanted && found.data ? found.data : [], searching: !settled || (wanted && found.isFetching) }
}
