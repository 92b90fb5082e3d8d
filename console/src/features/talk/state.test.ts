import { expect, test } from 'vitest'
import type { TalkGroup, Told } from './protocol'
import { alarms, nextTalk, silent, talkersIn, type TalkEvent, type TalkState } from './state'

const fire: TalkGroup = { id: 'fire', name: 'Fire', origin: 'standing', organisation: 'fire', recorded: true, affiliated: true, mayTalk: true }
const smoke: TalkGroup = { ...fire, id: 'smoke', name: 'I-12', origin: 'incident' }
const me = { id: 'sip:d1@alder', name: 'Dispatcher 1', organisation: 'fire' }
const e12 = { id: 'sip:unit-12@alder', name: 'E12' }
const told = (message: Told, now = 1_000): TalkEvent => ({ kind: 'told', told: message, now })
const run = (...events: TalkEvent[]): TalkState => events.reduce(nextTalk, silent)
const welcome = told({ type: 'welcome', participant: me, groups: [fire, smoke], hears: 4 })

test('the groups of incidents stand first, and one that one may talk in is selected', () => {
  const state = run(welcome)
  expect(state.groups.map((one) => one.id)).toEqual(['smoke', 'fire'])
  expect(state.selected).toBe('smoke')
  expect(run(welcome, { kind: 'select', group: 'fire' }, welcome).selected).toBe('fire')
})
test('after a broken line the groups come one by one, and what was chosen is chosen again', () => {
  const state = run(welcome, { kind: 'select', group: 'fire' }, { kind: 'line', line: 'waiting', now: 2 }, told({ type: 'welcome', participant: me, groups: [], hears: 4 }), told({ type: 'group', group: smoke }))
  expect(state.selected).toBe('smoke')
  expect(nextTalk(state, told({ type: 'group', group: fire })).selected).toBe('fire')
})
test('an emergency that says no moment keeps the one at which it was seen', () => {
  const group = { ...fire, emergencies: [{ participant: e12.id, name: 'E12', urgency: 'emergency' as const }] }
  const seen = run(welcome, told({ type: 'group', group }, 5_000))
  const [alarm] = alarms(seen)
  expect(alarms(nextTalk(seen, told({ type: 'group', group: { ...group, waiting: 1 } }, 9_000)))[0]?.key).toBe(alarm?.key)
  expect(alarm?.since).toBe(new Date(5_000).toISOString())
})
test('the floor goes from asked for over queued to talking, with the seconds that are left', () => {
  const asked = run(welcome, { kind: 'said', say: { type: 'request', group: 'fire' }, now: 0 })
  expect(asked.floors.fire).toEqual({ kind: 'requested' })
  const queued = nextTalk(asked, told({ type: 'queued', group: 'fire', position: 2, priority: 5 }))
  expect(queued.floors.fire).toEqual({ kind: 'queued', position: 2 })
  const talking = nextTalk(queued, told({ type: 'granted', group: 'fire', seconds: 30, priority: 5 }))
  expect(talking.floors.fire).toEqual({ kind: 'talking', since: 1_000, until: 31_000 })
  expect(nextTalk(talking, told({ type: 'warning', group: 'fire', seconds: 5 }, 27_000)).floors.fire).toMatchObject({ until: 32_000 })
  expect(nextTalk(talking, told({ type: 'granted', group: 'fire', seconds: 0, priority: 5 })).floors.fire).toMatchObject({ until: null })
})
test('why the floor was refused stays until the group is free or one asks again', () => {
  const denied = run(welcome, told({ type: 'denied', group: 'fire', cause: 1, phrase: '' }))
  expect(denied.floors.fire).toMatchObject({ kind: 'denied', cause: 1 })
  expect(nextTalk(denied, { kind: 'said', say: { type: 'release', group: 'fire' }, now: 2 }).floors.fire).toMatchObject({ kind: 'denied' })
  expect(nextTalk(denied, told({ type: 'idle', group: 'fire' })).floors.fire).toBeUndefined()
  expect(nextTalk(denied, { kind: 'said', say: { type: 'request', group: 'fire' }, now: 2 }).floors.fire).toEqual({ kind: 'requested' })
})
test('what waits in the queue still waits when the talker before has ended', () => {
  const waiting = run(welcome, told({ type: 'queued', group: 'fire', position: 1, priority: 5 }), told({ type: 'idle', group: 'fire' }))
  expect(waiting.floors.fire).toEqual({ kind: 'queued', position: 1 })
})
test('of several who talk one may end; the others talk on', () => {
  const both = run(welcome, told({ type: 'taken', group: 'fire', parties: [e12, { id: 'sip:unit-13@alder', name: 'E13' }] }))
  const one = nextTalk(both, told({ type: 'released-talker', group: 'fire', party: e12 }))
  expect(talkersIn(one, 'fire').map((each) => each.name)).toEqual(['E13'])
})
test('a lost line ends every floor and every voice; the groups stay to be seen as old', () => {
  const talking = run(welcome, told({ type: 'granted', group: 'fire', seconds: 0, priority: 5 }), told({ type: 'transmission', group: 'smoke', talk: 't1', party: e12, ear: 0 }))
  const lost = nextTalk(talking, { kind: 'line', line: 'waiting', now: 5 })
  expect(lost).toMatchObject({ floors: {}, airs: [], line: 'waiting' })
  expect(lost.groups).toHaveLength(2)
})
test('one section holds one voice: who comes into it has displaced who was there', () => {
  const state = run(welcome, told({ type: 'transmission', group: 'fire', talk: 't1', party: e12, ear: 0 }), told({ type: 'transmission', group: 'smoke', talk: 't2', party: me, ear: 0 }))
  expect(state.airs.map((one) => one.talk)).toEqual(['t2'])
  expect(nextTalk(state, told({ type: 'transmission-end', group: 'smoke', talk: 't2', ear: 0 })).airs).toEqual([])
})
test('several are not heard at once without displacing one another, and oneself is no talker', () => {
  const state = run(welcome, told({ type: 'transmission', group: 'fire', talk: 't1', party: e12, ear: -1 }), told({ type: 'transmission', group: 'fire', talk: 't2', party: me, ear: -1 }), told({ type: 'taken', group: 'fire', parties: [me, e12] }))
  expect(state.airs).toHaveLength(2)
  expect(talkersIn(state, 'fire')).toEqual([e12])
})
test('an emergency in progress and its alert are one alarm; acknowledged ones go to the end; cancelled ones go', () => {
  const emergency = { participant: e12.id, name: 'E12', urgency: 'emergency' as const, since: '2026-01-01T10:00:00Z' }
  const state = run(welcome, told({ type: 'group', group: { ...fire, emergencies: [emergency] } }), told({ type: 'alert', group: 'fire', participant: e12.id, name: 'E12', out: false }), told({ type: 'alert', group: 'smoke', participant: 'p4', name: 'P4', out: false }))
  expect(alarms(state).map((one) => one.name).sort()).toEqual(['E12', 'P4'])
  const [first] = alarms(state)
  const after = nextTalk(state, { kind: 'acknowledge', key: first!.key })
  expect(alarms(after).map((one) => one.acknowledged)).toEqual([false, true])
  expect(alarms(nextTalk(after, told({ type: 'alert', group: 'smoke', participant: 'p4', name: 'P4', out: true })))).toHaveLength(1)
})
test('one’s own emergency does not ring at oneself', () => {
  const mine = { participant: me.id, name: 'me', urgency: 'emergency' as const, since: '2026-01-01T10:00:00Z' }
  expect(alarms(run(welcome, told({ type: 'group', group: { ...fire, emergencies: [mine] } })))[0]?.acknowledged).toBe(true)
})
test('messages come once, in order, and what was read is not merely delivered', () => {
  const message = (id: string, at: string): Told => ({ type: 'message', id, from: e12, to: 'fire', at, text: id })
  const state = run(welcome, told(message('b', '2026-01-01T10:00:02Z')), told(message('a', '2026-01-01T10:00:01Z')), told(message('b', '2026-01-01T10:00:02Z')), told({ type: 'message-state', id: 'a', state: 'read' }), told({ type: 'message-state', id: 'a', state: 'delivered' }))
  expect(state.messages.map((one) => one.id)).toEqual(['a', 'b'])
  expect(state.deliveries.a).toBe('read')
})
test('a call rings once, is taken, and ends; a second caller changes nothing', () => {
  const ringing = run(welcome, told({ type: 'invited', group: 'p1', by: e12 }))
  expect(nextTalk(ringing, told({ type: 'invited', group: 'p2', by: me })).call).toBe(ringing.call)
  const talking = nextTalk(ringing, { kind: 'said', say: { type: 'accept', group: 'p1' }, now: 3 })
  expect(talking.call).toMatchObject({ phase: 'talking', group: 'p1', name: 'E12' })
  expect(nextTalk(talking, told({ type: 'released', group: 'p1', cause: 'ended' })).call).toBeNull()
})
test('a group that closes takes its floor, its voices and the selection with it', () => {
  const state = run(welcome, { kind: 'select', group: 'smoke' }, told({ type: 'granted', group: 'smoke', seconds: 0, priority: 0 }), told({ type: 'group-gone', id: 'smoke' }))
  expect(state).toMatchObject({ selected: 'fire', floors: {}, airs: [] })
})
test('the messages held are bounded', () => {
  const many = Array.from({ length: 900 }, (_, at) => ({ id: `m${at}`, from: e12, to: 'fire', at: new Date(at * 1_000).toISOString() }))
  expect(run({ kind: 'heard-of', messages: many }).messages.at(0)?.id).toBe('m500')
})
