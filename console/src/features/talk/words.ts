import type { City } from '../../api/types'
import { nameIn } from '../../format'
import type { T } from '../../i18n'
import type { Party, TalkGroup } from './protocol'
import type { Floor, TalkState } from './state'
import { talkersIn } from './state'

const denyCauses = [1, 2, 3, 4, 5, 6, 7] as const
const revokeCauses = [1, 2, 3, 4, 6, 7] as const

/** Why the floor was refused or taken, in the reader's words (causes of TS 24.380 §8.2.6 and §8.2.10), else as the server put it. */
export function causeWords(t: T, floor: Extract<Floor, { kind: 'denied' | 'revoked' }>): string {
  if (floor.kind === 'denied') {
    const known = denyCauses.find((one) => one === floor.cause)
    return known ? t(`talk.deny.${known}`) : floor.phrase || t('talk.deny.other')
  }
  const known = revokeCauses.find((one) => one === floor.cause)
  return known ? t(`talk.revoke.${known}`) : floor.phrase || t('talk.revoke.other')
}

/** Who talks, with the organisation where it is told. */
export function partyWords(party: Party, city: Pick<City, 'organisations' | 'languages'>, language: string): string {
  const organisation = party.organisation ? nameIn(city.organisations.find((one) => one.id === party.organisation)?.name ?? party.organisation, language, city.languages) : ''
  return organisation ? `${party.name} · ${organisation}` : party.name
}

/**
 * How I stand to a group's floor, in a few words; empty when there is nothing to say.
 * @param until when the microphone shuts by itself, where that is before the floor ends: an emergency's ten seconds
 */
export function floorWords(t: T, floor: Floor | undefined, now: number, until: number | null = null): string {
  switch (floor?.kind) {
    case undefined:
      return ''
    case 'requested':
      return t('talk.asking')
    case 'queued':
      return t('talk.queued', { place: floor.position })
    case 'talking': {
      const end = until ?? floor.until
      return end === null ? t('talk.talking') : t('talk.talkingLeft', { seconds: Math.max(0, Math.ceil((end - now) / 1_000)) })
    }
    case 'denied':
    case 'revoked':
      return causeWords(t, floor)
    default:
      return floor satisfies never
  }
}

/** Who is in it while a call is under way; between calls nobody is, and only how many belong to it says something. */
export function memberWords(t: T, { joined, members = 0 }: Pick<TalkGroup, 'joined' | 'members'>): string {
  return joined ? t('talk.members', { joined, members }) : t('talk.memberCount', { members })
}

export type Standing = 'mine' | 'heard' | 'waiting' | 'refused' | 'idle'

export function standingOf(state: TalkState, group: TalkGroup): Standing {
  const floor = state.floors[group.id]
  if (floor?.kind === 'talking') return 'mine'
  if (floor?.kind === 'requested' || floor?.kind === 'queued') return 'waiting'
  if (talkersIn(state, group.id).length > 0) return 'heard'
  return floor ? 'refused' : 'idle'
}
/** Whether the server offers a deed in this group. A server that tells no rights leaves it to its answer. */
export function may(group: TalkGroup, right: string): boolean {
  return group.rights === undefined || group.rights.includes(right)
}
