import { beforeEach, expect, test, vi } from 'vitest'
import { FakeMedia, FakeServer, FakeTime, settled } from './fakes'
import type { TalkGroup } from './protocol'
import { TalkSession } from './session'

const fire: TalkGroup = { id: 'fire', name: 'Fire', origin: 'standing', organisation: 'fire', recorded: true, affiliated: true, mayTalk: true }
const e12 = { id: 'sip:unit-12@alder', name: 'E12' }
let time: FakeTime
let server: FakeServer
let media: FakeMedia
let sounds: string[]
let session: TalkSession
const setting = { volume: 0.4, muted: false, priority: 9 }

beforeEach(() => {
  vi.stubGlobal('MediaStream', class {})
  time = new FakeTime()
  server = new FakeServer(time)
  media = new FakeMedia(time)
  sounds = []
  session = new TalkSession({ link: server.deps, media: media.deps, now: () => time.now, every: time.every, play: (sound) => sounds.push(sound), setting: () => setting, vibrate: () => {}, client: () => 'c', newClient: () => 'd' })
})

async function ready(): Promise<void> {
  session.open()
  server.welcome([fire])
  await session.enable()
  await settled()
  const offer = server.said.findLast((one) => one.type === 'offer')
  server.tell({ type: 'answer', re: offer?.id ?? '', sdp: 'ok' })
  await settled()
}
const open = () => media.track.enabled

test('the microphone is taken once and is shut until the floor is granted', async () => {
  await ready()
  expect(open()).toBe(false)
  session.down(false)
  expect(open()).toBe(false)
  server.tell({ type: 'granted', group: 'fire', seconds: 30, priority: 5 })
  expect(open()).toBe(true)
  session.up()
  expect(open()).toBe(false)
  await session.enable()
  expect(media.asked).toBe(1)
  expect(server.types()).toEqual(['hello', 'scan', 'offer', 'request', 'release'])
  expect(sounds).toEqual(['granted'])
})
test('nobody talks before the sound is connected: the floor would be given and nobody would hear', async () => {
  session.open()
  server.welcome([fire])
  await session.enable()
  await settled()
  expect(session.hindrance).toBe('noSound')
  session.down(false)
  expect(server.types()).not.toContain('request')
  server.tell({ type: 'answer', re: server.said.findLast((one) => one.type === 'offer')?.id ?? '', sdp: 'ok' })
  await settled()
  expect(session.hindrance).toBe(null)
})
test('an offer made before the line stood is made again as soon as it does', async () => {
  session.open()
  await session.enable()
  await settled()
  expect(session.hindrance).toBe('noLine')
  server.welcome([fire])
  await settled()
  expect(server.types()).toContain('offer')
})
test('one connection: the microphone first, then four to hear in', async () => {
  await ready()
  expect(media.peers[0]?.asked).toEqual(['microphone sendonly', 'audio recvonly', 'audio recvonly', 'audio recvonly', 'audio recvonly', 'offer', 'answer ok'])
})
test.each([
  ['a lost line', () => server.socket.lose()],
  ['a hidden page', () => session.stop()],
  ['a lost focus', () => session.blur()],
  ['a revoke', () => server.tell({ type: 'revoked', group: 'fire', cause: 4, phrase: '' })],
  ['the end of the group', () => server.tell({ type: 'group-gone', id: 'fire' })],
  ['a lost path', () => media.peers[0]?.ice('disconnected')],
  ['a time over the limit', () => { server.tell({ type: 'warning', group: 'fire', seconds: 1 }); time.pass(4_000) }],
])('%s shuts the microphone', async (_name, happen) => {
  await ready()
  session.down(false)
  server.tell({ type: 'granted', group: 'fire', seconds: 0, priority: 5 })
  expect(open()).toBe(true)
  happen()
  expect(open()).toBe(false)
  session.up()
  expect(open()).toBe(false)
})
test('a line that comes back does not open what was lost with it', async () => {
  await ready()
  session.down(false)
  server.tell({ type: 'granted', group: 'fire', seconds: 0, priority: 5 })
  server.socket.lose()
  time.pass(2_000)
  server.welcome([fire])
  server.tell({ type: 'granted', group: 'fire', seconds: 0, priority: 5 })
  expect(open()).toBe(false)
  expect(server.socket.sent.at(-1)).toEqual({ type: 'release', group: 'fire' })
})
test('after the line came back the same connection is offered again, and a new one where the server has forgotten it', async () => {
  await ready()
  server.socket.lose()
  time.pass(2_000)
  server.welcome([fire])
  await settled()
  const again = server.socket.sent.find((one) => one.type === 'offer')
  expect(again).toMatchObject({ restart: true })
  expect(media.peers).toHaveLength(1)
  server.tell({ type: 'problem', re: again?.id ?? '', title: 'unknown', status: 409 })
  await settled()
  time.pass(2_000)
  await settled()
  expect(media.peers).toHaveLength(2)
  expect(server.socket.sent.findLast((one) => one.type === 'offer')).not.toHaveProperty('restart')
})
test('a change of network looks for a new path on the same connection', async () => {
  await ready()
  session.networkChanged()
  await settled()
  expect(media.peers[0]?.asked.slice(-2)).toEqual(['restart', 'offer'])
  expect(server.said.at(-1)).toMatchObject({ type: 'offer', restart: true })
  expect(media.peers).toHaveLength(1)
})
test('a change of network that takes the line, too, keeps the connection and asks again over the new line', async () => {
  await ready()
  server.socket.lose()
  session.networkChanged()
  await settled()
  server.welcome([fire])
  await settled()
  expect(media.peers[0]?.asked.slice(-3)).toEqual(['restart', 'offer', 'offer'])
  expect(server.said.at(-1)).toMatchObject({ type: 'offer', restart: true })
  expect(media.peers).toHaveLength(1)
})
test('who talks is heard as loud as the group is set', async () => {
  await ready()
  server.tell({ type: 'transmission', group: 'fire', talk: 't', party: e12, ear: 2 })
  expect(media.ears[2]).toMatchObject({ volume: 0.4, muted: false })
  expect(sounds).toEqual(['incoming'])
})
test('without a microphone one hears and cannot talk, and is told why', async () => {
  media.refuses = true
  session.open()
  server.welcome([fire])
  expect(await session.enable()).toBe(false)
  expect(media.peers[0]?.asked[0]).toBe('audio sendonly')
  expect(session.hindrance).toBe('noMicrophone')
  session.down(false)
  expect(server.types()).not.toContain('request')
  expect(sounds).toEqual(['denied'])
})
test('a group one may only hear is not asked for', async () => {
  await ready()
  server.tell({ type: 'group', group: { ...fire, mayTalk: false } })
  session.down(false)
  expect(server.types()).not.toContain('request')
})
test('an emergency opens the microphone with its grant, for ten seconds', async () => {
  await ready()
  expect(session.emergency()).toBe(true)
  expect(open()).toBe(false)
  server.tell({ type: 'granted', group: 'fire', seconds: 0, priority: 255 })
  expect(open()).toBe(true)
  time.pass(9_500)
  expect(open()).toBe(true)
  time.pass(1_000)
  expect(open()).toBe(false)
  expect(server.types().filter((one) => one !== 'ping').at(-1)).toBe('release')
})
test('an alarm sounds again and again until it is acknowledged', async () => {
  await ready()
  server.tell({ type: 'alert', group: 'fire', participant: e12.id, name: 'E12', out: false })
  time.pass(13_000)
  expect(sounds.filter((one) => one === 'alarm').length).toBeGreaterThanOrEqual(2)
  session.acknowledge(`alert fire ${e12.id}`)
  sounds.length = 0
  time.pass(20_000)
  expect(sounds).toEqual([])
})
test('a second caller is refused while one is in a call', async () => {
  await ready()
  server.tell({ type: 'invited', group: 'p1', by: e12 })
  server.tell({ type: 'invited', group: 'p2', by: e12 })
  expect(server.said.at(-1)).toEqual({ type: 'refuse', group: 'p2' })
  session.say({ type: 'accept', group: 'p1' })
  expect(session.target()).toBe('p1')
})
test('a call without floor opens the microphone for as long as it lasts; one with it waits for the key', async () => {
  await ready()
  void session.call(e12.id, 'E12', false)
  server.tell({ type: 'call', group: 'p1', re: server.said.at(-1)?.id ?? '' })
  expect(open()).toBe(false)
  server.tell({ type: 'group', group: { ...fire, id: 'p1', name: '', origin: 'private', joined: 2 } })
  expect(open()).toBe(true)
  session.down(false)
  expect(open()).toBe(false)
  session.up()
  session.down(false)
  expect(open()).toBe(true)
  server.tell({ type: 'released', group: 'p1', cause: 'by-user' })
  expect(open()).toBe(false)
  expect(server.types()).not.toContain('request')
  server.tell({ type: 'invited', group: 'p2', by: e12, floor: true })
  session.say({ type: 'accept', group: 'p2' })
  expect(open()).toBe(false)
})
test('a call that is taken is one by the first grant, also where nobody told that it was taken', async () => {
  await ready()
  void session.call(e12.id, 'E12', true)
  server.tell({ type: 'call', group: 'p1', re: server.said.at(-1)?.id ?? '' })
  server.tell({ type: 'group', group: { ...fire, id: 'p1', name: '', origin: 'private', joined: 1 } })
  session.down(false)
  expect(server.said.at(-1)).toMatchObject({ type: 'request', group: 'p1' })
  server.tell({ type: 'granted', group: 'p1', seconds: 30, priority: 1 })
  expect(session.present().state.call?.phase).toBe('talking')
  expect(open()).toBe(true)
})
test('a call that is refused rings no longer', async () => {
  await ready()
  const refused = session.call(e12.id, 'E12', true)
  expect(session.present().state.call?.phase).toBe('calling')
  server.tell({ type: 'problem', re: server.said.at(-1)?.id ?? '', title: 'denied', detail: 'Nobody by that name is connected.' })
  expect(await refused).toBe('Nobody by that name is connected.')
  expect(session.present().state.call).toBeNull()
})
test('a microphone that is unplugged while talking shuts', async () => {
  await ready()
  session.down(false)
  server.tell({ type: 'granted', group: 'fire', seconds: 0, priority: 5 })
  media.track.onended?.()
  expect(session.present().press.phase).toBe('up')
  expect(server.said.at(-1)).toEqual({ type: 'release', group: 'fire' })
})
