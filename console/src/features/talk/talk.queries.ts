import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { request } from '../../api/http'
import { cacheKeys } from '../../api/keys'
import type { TalkMessage, Urgency } from './protocol'

export type Spurt = {
  id: string
  group: string
  groupName: string
  incident?: string | null
  participant: string
  name: string
  began: string
  seconds: number
  urgency: Urgency
  sha256?: string
  recorded: boolean
}
export type Participant = { id: string; name: string; alias?: string; organisation: string; kind?: string; connected: boolean }
type Part<T> = { items: T[]; next?: string | null }

export type SpurtsOf = { group?: string; incident?: string; participant?: string }
const words = (of: SpurtsOf) => new URLSearchParams(Object.entries(of).filter((one): one is [string, string] => typeof one[1] === 'string')).toString()

/** Talks of a group or an incident, the newest first. New ones are told by the stream of changes and by the radio. */
export const spurtsQuery = (of: SpurtsOf, limit = 50) =>
  queryOptions({
    queryKey: cacheKeys.spurts(`${words(of)} ${limit}`),
    queryFn: async ({ signal }) => newestFirst((await request<Part<Spurt>>('GET', `/api/talk/spurts?${words(of)}&limit=${limit}`, { signal })).items),
    staleTime: 10_000,
    retry: false,
  })

export function newestFirst(spurts: readonly Spurt[]): Spurt[] {
  return [...spurts].sort((a, b) => Date.parse(b.began) - Date.parse(a.began) || b.id.localeCompare(a.id))
}

export const participantsQuery = (text: string) =>
  queryOptions({
    queryKey: cacheKeys.participants(text),
    queryFn: async ({ signal }) => (await request<Part<Participant>>('GET', `/api/talk/participants?q=${encodeURIComponent(text)}`, { signal })).items,
    staleTime: 5_000,
    retry: false,
  })

/** What the radio does not tell of its groups: how often a unit in it should tell its position, in seconds. */
export const locationRatesQuery = (unit: string | undefined) =>
  queryOptions({
    queryKey: cacheKeys.locationRates(unit ?? ''),
    queryFn: async ({ signal }) => {
      const groups = await request<Part<{ id: string; locationEvery: number }>>('GET', `/api/talk/groups${unit ? `?unit=${encodeURIComponent(unit)}` : ''}`, { signal })
      return new Map(groups.items.map((one) => [one.id, one.locationEvery]))
    },
    refetchInterval: 30_000,
    retry: false,
  })

const messagePages = 3

/** The newest messages with a group or a person. The radio tells new ones at once; asking again now and then is for what it missed. */
export const messagesQuery = (other: string, unit: string | undefined) =>
  infiniteQueryOptions({
    queryKey: cacheKeys.talkMessages(`${other} ${unit ?? ''}`),
    queryFn: ({ pageParam, signal }) => request<Part<TalkMessage>>('GET', `/api/talk/messages?with=${encodeURIComponent(other)}${unit ? `&unit=${encodeURIComponent(unit)}` : ''}${pageParam === '' ? '' : `&after=${encodeURIComponent(pageParam)}`}`, { signal }),
    initialPageParam: '',
    getNextPageParam: (page, pages) => (pages.length < messagePages ? (page.next ?? undefined) : undefined),
    staleTime: 5_000,
    refetchInterval: 20_000,
    retry: false,
  })
