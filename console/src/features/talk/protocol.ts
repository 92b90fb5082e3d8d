import type { Point } from 'geojson'

/** The messages of the socket `/api/talk/socket`, subprotocol `conurb.talk.v1`: what the console says and is told, as docs/asyncapi/talk.yaml describes them. */
export const subprotocol = 'conurb.talk.v1'

export type Urgency = 'routine' | 'imminent-peril' | 'emergency'
export type Party = { id: string; name: string; organisation?: string }
export type Me = { id: string; name: string; alias?: string; organisation: string }
export type Emergency = { participant: string; name: string; urgency: Urgency; alert?: boolean; since?: string }

export type TalkGroup = {
  id: string
  name: string
  kind?: string
  origin: 'standing' | 'incident' | 'temporary' | 'private'
  organisation: string
  incident?: string
  recorded: boolean
  affiliated: boolean
  mayTalk: boolean
  rights?: string[]
  urgency?: Urgency
  talkers?: Party[]
  /** The two of a private call. */
  parties?: Party[]
  waiting?: number
  members?: number
  joined?: number
  emergencies?: Emergency[]
  patchedTo?: string
  /** Who waits, next first, where one may know it. */
  queue?: Party[]
}

export type Attachment = { id: string; name?: string; type?: string; bytes?: number }
export type TalkMessage = {
  id: string
  from: Party | string
  to: string
  at: string
  text?: string
  code?: string
  place?: Point
  attachments?: (Attachment | string)[]
  /** Of one's own, how far it is; of another's, whether one has read it. */
  state?: Delivery
}
export type Delivery = 'stored' | 'delivered' | 'read'

export type Told =
  | { type: 'welcome'; participant: Me; groups: TalkGroup[]; hears: number }
  | { type: 'answer'; re?: string; sdp: string }
  | { type: 'group'; group: TalkGroup }
  | { type: 'group-gone'; id: string }
  | { type: 'granted'; group: string; seconds: number; priority: number }
  | { type: 'queued'; group: string; position: number; priority: number }
  | { type: 'denied' | 'revoked'; group: string; cause: number; phrase?: string }
  | { type: 'taken'; group: string; parties: Party[]; mayRequest?: boolean }
  | { type: 'idle'; group: string }
  | { type: 'released-talker'; group: string; party: Party }
  | { type: 'transmission'; group: string; talk: string; party: Party; ear: number; urgency?: Urgency }
  | { type: 'transmission-end'; group: string; talk: string; ear?: number }
  | { type: 'warning'; group: string; seconds: number }
  | { type: 'invited'; group: string; by: Party; floor?: boolean }
  | { type: 'released'; group: string; cause?: string | number }
  | { type: 'call'; group: string; re?: string }
  | { type: 'progress'; group: string; urgency: Urgency; by?: Party | string }
  | { type: 'alert'; group: string; participant: string; name: string; out: boolean }
  | ({ type: 'message' } & TalkMessage)
  | { type: 'message-state'; id: string; state: Delivery; by?: string }
  | { type: 'pong' }
  | { type: 'done'; re?: string }
  | { type: 'problem'; re?: string; title: string; detail?: string; remedy?: string; status?: number }

export type Say =
  | { type: 'hello'; client: string; unit?: string }
  | { type: 'offer'; sdp: string; restart?: true }
  | { type: 'affiliate' | 'deaffiliate' | 'release' | 'queue' | 'accept' | 'refuse' | 'end'; group: string }
  | { type: 'scan'; groups: { group: string; priority: number; muted: boolean }[] }
  | { type: 'request'; group: string; priority?: number; urgency?: Urgency }
  | { type: 'cancel-request' | 'force-release' | 'cancel-emergency'; group: string; participant: string }
  | { type: 'emergency' | 'alert'; group: string; place?: Point }
  | { type: 'call'; participant: string; floor: boolean }
  | { type: 'patch' | 'unpatch'; group: string; other: string }
  | { type: 'message'; id: string; to: string; text?: string; code?: string; place?: Point; attachments?: string[] }
  | { type: 'read'; message: string }
  | { type: 'ping' }

const kinds: ReadonlySet<string> = new Set([
  'welcome', 'answer', 'group', 'group-gone', 'granted', 'queued', 'denied', 'revoked', 'taken', 'idle', 'released-talker', 'transmission', 'transmission-end', 'warning', 'invited', 'released',
  'call', 'progress', 'alert', 'message', 'message-state', 'pong', 'done', 'problem',
] satisfies Told['type'][])

/** One frame as read; null for what this console does not know, which a newer server may well say. */
export function readTold(frame: unknown): Told | null {
  if (typeof frame !== 'string') return null
  try {
    const told: unknown = JSON.parse(frame)
    return typeof told === 'object' && told !== null && 'type' in told && kinds.has(String(told.type)) ? (told as Told) : null
  } catch {
    return null
  }
}
