import type { Point } from 'geojson'
import type { Delivery, Emergency, Me, Party, Say, TalkGroup, TalkMessage, Told, Urgency } from './protocol'

/** How I stand to the floor of one group. Times are this machine's, in ms. */
export type Floor =
  | { kind: 'requested' }
  | { kind: 'queued'; position: number }
  | { kind: 'talking'; since: number; until: number | null }
  | { kind: 'denied' | 'revoked'; cause: number; phrase: string; at: number }
/** Somebody's voice in a group; `ear` is the audio section it comes in, -1 where it is not heard now. */
export type Air = { group: string; talk: string; party: Party; ear: number; urgency: Urgency; since: number }
export type LastTalk = { talk: string; party: Party; at: number }
export type Call =
  | { phase: 'calling'; participant: string; name: string; floor: boolean; group: string | null; at: number }
  | { phase: 'ringing'; group: string; by: Party; floor: boolean; at: number }
  | { phase: 'talking'; group: string; name: string; floor: boolean; at: number }
export type Alarm = Emergency & { group: string; key: string; since: string }
/** `waiting`: reconnecting after a broken line. `refused`: the server does not want this client; trying again by itself would not help. */
export type Line = 'off' | 'connecting' | 'open' | 'waiting' | 'refused'

export type TalkState = {
  line: Line
  since: number
  me: Me | null
  hears: number
  groups: readonly TalkGroup[]
  floors: Readonly<Record<string, Floor>>
  airs: readonly Air[]
  last: Readonly<Record<string, LastTalk>>
  selected: string | null
  /** What the person chose: kept while it is away, as after a broken line groups come one by one. */
  wished: string | null
  call: Call | null
  /** Alerts without talking; emergencies in progress stand in their groups. */
  alerts: readonly Alarm[]
  acknowledged: readonly string[]
  messages: readonly TalkMessage[]
  deliveries: Readonly<Record<string, Delivery>>
  /** What the server refused last, for the person to read. */
  problem: { title: string; detail?: string | undefined; remedy?: string | undefined; status?: number | undefined; at: number } | null
}

export const silent: TalkState = {
  line: 'off', since: 0, me: null, hears: 0, groups: [], floors: {}, airs: [], last: {}, selected: null, wished: null, call: null, alerts: [], acknowledged: [], messages: [], deliveries: {}, problem: null,
}

export type TalkEvent =
  | { kind: 'told'; told: Told; now: number }
  | { kind: 'said'; say: Say; name?: string; now: number }
  | { kind: 'line'; line: Line; now: number }
  | { kind: 'select'; group: string }
  | { kind: 'acknowledge'; key: string }
  | { kind: 'heard-of'; messages: readonly TalkMessage[] }

const keptMessages = 400
const keptAlerts = 50

export function nextTalk(state: TalkState, event: TalkEvent): TalkState {
  switch (event.kind) {
    case 'told':
      return chosen(told(state, event.told, event.now))
    case 'said':
      return said(state, event.say, event.name ?? '', event.now)
    case 'line':
      if (event.line === state.line) return state
      // Without a line nobody holds a floor and nothing is heard; the groups stay, shown as old.
      return event.line === 'open' ? { ...state, line: 'open', since: event.now } : { ...state, line: event.line, since: event.now, floors: {}, airs: [], call: null }
    case 'select':
      return chosen({ ...state, wished: event.group })
    case 'acknowledge':
      return state.acknowledged.includes(event.key) ? state : { ...state, acknowledged: [...state.acknowledged.slice(-200), event.key] }
    case 'heard-of':
      return { ...state, messages: merged(state.messages, event.messages), deliveries: delivered(state.deliveries, event.messages) }
    default:
      return event satisfies never
  }
}

function told(state: TalkState, message: Told, now: number): TalkState {
  switch (message.type) {
    case 'welcome': {
      const groups = [...message.groups].sort(byName)
      return { ...state, line: 'open', since: now, me: message.participant, hears: message.hears, groups, floors: {}, airs: [], alerts: [], call: null, wished: state.wished ?? state.selected, problem: null }
    }
    case 'group': {
      const before = state.groups.find((one) => one.id === message.group.id)
      const groups = [...state.groups.filter((one) => one !== before), named(dated(message.group, before, now), state.me)].sort(byName)
      // The group of a call one makes: with the second in it, it is one.
      const call = state.call?.phase === 'calling' && state.call.group === message.group.id && (message.group.joined ?? 0) > 1 ? talkingTo(state.call, message.group.id, now) : state.call
      return { ...state, groups, call }
    }
    case 'group-gone': {
      const groups = state.groups.filter((one) => one.id !== message.id)
      const call = state.call?.group === message.id ? null : state.call
      return { ...state, groups, call, floors: without(state.floors, message.id), airs: state.airs.filter((one) => one.group !== message.id), alerts: state.alerts.filter((one) => one.group !== message.id) }
    }
    case 'granted':
      return floor(calledIs(state, message.group, now), message.group, { kind: 'talking', since: now, until: message.seconds > 0 ? now + message.seconds * 1_000 : null })
    case 'queued':
      if (message.position > 0) return floor(state, message.group, { kind: 'queued', position: message.position })
      return state.floors[message.group]?.kind === 'queued' ? { ...state, floors: without(state.floors, message.group) } : state
    case 'denied':
    case 'revoked':
      return floor(state, message.group, { kind: message.type, cause: message.cause, phrase: message.phrase ?? '', at: now })
    case 'warning': {
      const mine = state.floors[message.group]
      return mine?.kind === 'talking' ? floor(state, message.group, { ...mine, until: now + message.seconds * 1_000 }) : state
    }
    case 'taken':
      return group(state, message.group, { talkers: message.parties })
    case 'idle': {
      const mine = state.floors[message.group]
      const freed = mine?.kind === 'talking' || mine?.kind === 'denied' || mine?.kind === 'revoked' ? { ...state, floors: without(state.floors, message.group) } : state
      return group(freed, message.group, { talkers: [] })
    }
    case 'released-talker':
      return { ...state, groups: state.groups.map((one) => (one.id === message.group ? { ...one, talkers: (one.talkers ?? []).filter((each) => each.id !== message.party.id) } : one)) }
    case 'transmission': {
      const answered = calledIs(state, message.group, now)
      const air: Air = { group: message.group, talk: message.talk, party: message.party, ear: message.ear, urgency: message.urgency ?? 'routine', since: state.airs.find((one) => one.talk === message.talk)?.since ?? now }
      return { ...answered, airs: [...state.airs.filter((one) => one.talk !== message.talk && (air.ear < 0 || one.ear !== air.ear)), air], last: { ...state.last, [message.group]: { talk: message.talk, party: message.party, at: now } } }
    }
    case 'transmission-end': {
      const over = state.airs.find((one) => one.talk === message.talk)
      const last = over ? { ...state.last, [message.group]: { talk: message.talk, party: over.party, at: now } } : state.last
      return { ...state, last, airs: state.airs.filter((one) => one.talk !== message.talk) }
    }
    case 'call':
      if (state.call?.phase !== 'calling') return state
      return (state.groups.find((one) => one.id === message.group)?.joined ?? 0) > 1 ? { ...state, call: talkingTo(state.call, message.group, now) } : { ...state, call: { ...state.call, group: message.group } }
    case 'invited':
      // One call at a time: the second caller is told so by the session, which refuses.
      return state.call ? state : { ...state, call: { phase: 'ringing', group: message.group, by: message.by, floor: message.floor ?? true, at: now } }
    case 'released':
      return { ...(state.call && (state.call.group === message.group || state.call.group === null) ? { ...state, call: null } : state), floors: without(state.floors, message.group) }
    case 'progress':
      return group(state, message.group, { urgency: message.urgency })
    case 'alert': {
      const key = `alert ${message.group} ${message.participant}`
      const others = state.alerts.filter((one) => one.key !== key)
      if (message.out) return { ...state, alerts: others, acknowledged: state.acknowledged.filter((one) => one !== key) }
      const alarm: Alarm = { key, group: message.group, participant: message.participant, name: message.name, urgency: 'emergency', since: new Date(now).toISOString() }
      return { ...state, alerts: [...others, alarm].slice(-keptAlerts) }
    }
    case 'message': {
      const { type: _, ...rest } = message
      return { ...state, messages: merged(state.messages, [rest]), deliveries: delivered(state.deliveries, [rest]) }
    }
    case 'message-state':
      return further(message.state, state.deliveries[message.id]) ? { ...state, deliveries: { ...state.deliveries, [message.id]: message.state } } : state
    case 'problem':
      // The call that one asked for was refused: nobody rings.
      return { ...state, ...(state.call?.phase === 'calling' && state.call.group === null ? { call: null } : {}), problem: { title: message.title, detail: message.detail, remedy: message.remedy, status: message.status, at: now } }
    case 'answer':
    case 'done':
    case 'pong':
      return state
    default:
      return message satisfies never
  }
}

/** What one has asked for is shown at once. */
function said(state: TalkState, say: Say, name: string, now: number): TalkState {
  switch (say.type) {
    case 'request':
      return state.floors[say.group]?.kind === 'talking' ? state : floor(state, say.group, { kind: 'requested' })
    case 'release':
      return state.floors[say.group]?.kind === 'denied' || state.floors[say.group]?.kind === 'revoked' ? state : { ...state, floors: without(state.floors, say.group) }
    case 'call':
      return { ...state, call: { phase: 'calling', participant: say.participant, name, floor: say.floor, group: null, at: now } }
    case 'accept':
      return state.call?.phase === 'ringing' ? { ...state, call: { phase: 'talking', group: say.group, name: state.call.by.name, floor: state.call.floor, at: now } } : state
    case 'refuse':
    case 'end':
      return state.call?.group === say.group ? { ...state, call: null } : state
    case 'affiliate':
    case 'deaffiliate':
      return group(state, say.group, { affiliated: say.type === 'affiliate' })
    default:
      return state
  }
}

/** What one chose, else what one has, else the first that one may talk in. A private call is not chosen by itself. */
function chosen(state: TalkState): TalkState {
  const has = (id: string | null) => state.groups.some((one) => one.id === id)
  const first = () => (state.groups.find((one) => one.origin !== 'private' && one.affiliated && one.mayTalk) ?? state.groups.find((one) => one.origin !== 'private'))?.id ?? null
  const selected = has(state.wished) ? state.wished : has(state.selected) ? state.selected : first()
  return selected === state.selected ? state : { ...state, selected }
}

function talkingTo(call: Extract<Call, { phase: 'calling' }>, group: string, now: number): Call {
  return { phase: 'talking', group, name: call.name, floor: call.floor, at: now }
}

/** A private call is called after the other. */
function named(group: TalkGroup, me: Me | null): TalkGroup {
  return group.name !== '' ? group : { ...group, name: (group.parties ?? []).filter((one) => one.id !== me?.id).map((one) => one.name).join(', ') }
}

/** Who talks or may talk in the group of a call one makes is no longer waited for, whether or not that was told. */
function calledIs(state: TalkState, group: string, now: number): TalkState {
  return state.call?.phase === 'calling' && state.call.group === group ? { ...state, call: talkingTo(state.call, group, now) } : state
}

/** An emergency is as old as it has been seen here, where the server does not say since when. */
function dated(group: TalkGroup, before: TalkGroup | undefined, now: number): TalkGroup {
  if (!group.emergencies || group.emergencies.length === 0) return group
  const since = (one: Emergency) => one.since ?? before?.emergencies?.find((each) => each.participant === one.participant)?.since ?? new Date(now).toISOString()
  return { ...group, emergencies: group.emergencies.map((one) => ({ ...one, since: since(one) })) }
}

const steps: readonly Delivery[] = ['stored', 'delivered', 'read']
/** A message that was read is not merely delivered, in whatever order one is told. */
const further = (next: Delivery, before: Delivery | undefined) => before === undefined || steps.indexOf(next) > steps.indexOf(before)

function delivered(known: TalkState['deliveries'], messages: readonly TalkMessage[]): TalkState['deliveries'] {
  const told = messages.flatMap((one): [string, Delivery][] => (one.state && further(one.state, known[one.id]) ? [[one.id, one.state]] : []))
  return told.length === 0 ? known : { ...known, ...Object.fromEntries(told) }
}

/** Oldest first, each once, bounded. */
function merged(held: readonly TalkMessage[], more: readonly TalkMessage[]): TalkMessage[] {
  const all = new Map([...held, ...more].map((one) => [one.id, one]))
  return [...all.values()].sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || a.id.localeCompare(b.id)).slice(-keptMessages)
}

function floor(state: TalkState, id: string, mine: Floor): TalkState {
  return { ...state, floors: { ...state.floors, [id]: mine } }
}

function group(state: TalkState, id: string, change: Partial<TalkGroup>): TalkState {
  return { ...state, groups: state.groups.map((one) => (one.id === id ? { ...one, ...change } : one)) }
}

function without<T>(record: Readonly<Record<string, T>>, id: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== id))
}

const originOrder: Record<TalkGroup['origin'], number> = { private: 0, incident: 1, temporary: 2, standing: 3 }
function byName(a: TalkGroup, b: TalkGroup): number {
  return originOrder[a.origin] - originOrder[b.origin] || a.name.localeCompare(b.name, undefined, { numeric: true }) || a.id.localeCompare(b.id)
}

/** Who talks in a group: what is heard or told tells it best, the group's own list else. Oneself is not among them. */
export function talkersIn(state: TalkState, id: string): Party[] {
  const heard = state.airs.filter((one) => one.group === id).map((one) => one.party)
  const listed = state.groups.find((one) => one.id === id)?.talkers ?? []
  return [...new Map([...listed, ...heard].filter((one) => one.id !== state.me?.id).map((one) => [one.id, one])).values()]
}

/** Everything that calls for a dispatcher: emergencies in progress and alerts, those not acknowledged first, then the newest. */
export function alarms(state: TalkState): (Alarm & { acknowledged: boolean })[] {
  const running = state.groups.flatMap((one) => (one.emergencies ?? []).map((each): Alarm => ({ ...each, since: each.since ?? '', group: one.id, key: `${one.id} ${each.participant} ${each.since}` })))
  const known = new Set(running.map((one) => `${one.group} ${one.participant}`))
  return [...running, ...state.alerts.filter((one) => !known.has(`${one.group} ${one.participant}`))]
    .map((one) => ({ ...one, acknowledged: one.participant === state.me?.id || state.acknowledged.includes(one.key) }))
    .sort((a, b) => Number(a.acknowledged) - Number(b.acknowledged) || Date.parse(b.since) - Date.parse(a.since))
}

export function isPoint(place: Point | undefined): place is Point {
  return place?.type === 'Point' && place.coordinates.every(Number.isFinite)
}
