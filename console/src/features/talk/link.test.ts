import { beforeEach, expect, test } from 'vitest'
import { FakeServer, FakeTime } from './fakes'
import { TalkLink } from './link'
import { readTold, type Told } from './protocol'

let time: FakeTime
let server: FakeServer
let link: TalkLink
let lines: string[]
let told: Told[]

beforeEach(() => {
  time = new FakeTime()
  server = new FakeServer(time)
  lines = []
  told = []
  link = new TalkLink('device-1', server.deps, (one) => told.push(one), (line) => lines.push(line), () => 'device-2')
})

test('says hello with its id, and the same id after a broken line', () => {
  link.open()
  server.welcome()
  server.socket.lose()
  time.pass(10_000)
  server.welcome()
  expect(server.said.filter((one) => one.type === 'hello')).toEqual([{ type: 'hello', client: 'device-1' }, { type: 'hello', client: 'device-1' }])
  expect(lines).toEqual(['connecting', 'open', 'waiting', 'waiting', 'open'])
})
test('waits longer after each failure, up to ten seconds, and begins short again after a welcome', () => {
  link.open()
  const at: number[] = []
  for (let tries = 0; tries < 7; tries++) {
    server.socket.lose()
    const before = server.sockets.length
    const since = time.now
    while (server.sockets.length === before) time.pass(100)
    at.push(time.now - since)
  }
  expect(at).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000])
  server.welcome()
  server.socket.lose()
  time.pass(500)
  expect(server.sockets).toHaveLength(9)
})
test('what is said without a line is not said later', () => {
  link.open()
  expect(link.say({ type: 'request', group: 'g' })).toBe(false)
  server.welcome()
  expect(server.types()).toEqual(['hello'])
  expect(link.say({ type: 'request', group: 'g' })).toBe(true)
})
test('a silent line is broken, and a ping that is answered keeps it', () => {
  link.open()
  server.welcome()
  time.pass(11_000)
  expect(server.types()).toEqual(['hello', 'ping'])
  server.tell({ type: 'pong' })
  time.pass(24_000)
  expect(lines.at(-1)).toBe('open')
  time.pass(2_000)
  expect(lines.at(-1)).toBe('waiting')
  expect(server.sockets[0]?.closed).toBe(4000)
})
test('a change of network asks the line whether it stands, and does not wait long', () => {
  link.open()
  server.welcome()
  link.retryNow()
  expect(server.types().at(-1)).toBe('ping')
  time.pass(4_000)
  expect(lines.at(-1)).toBe('waiting')
  link.retryNow()
  expect(server.sockets).toHaveLength(2)
})
test('a refusal by policy is not tried again by itself', () => {
  link.open()
  server.welcome()
  server.socket.lose(1008)
  time.pass(60_000)
  expect(lines.at(-1)).toBe('refused')
  expect(server.sockets).toHaveLength(1)
  link.open()
  expect(server.sockets).toHaveLength(2)
})
test('answers come to who asked; silence, a refusal and a broken line are answers, too', async () => {
  link.open()
  server.welcome()
  const first = link.ask({ type: 'offer', sdp: 'x' })
  server.tell({ type: 'answer', re: server.said.at(-1)?.id ?? '', sdp: 'y' })
  expect(await first).toEqual({ ok: true, told: { type: 'answer', re: 'c1', sdp: 'y' } })
  const second = link.ask({ type: 'patch', group: 'a', other: 'b' })
  server.tell({ type: 'problem', re: 'c2', title: 'No', detail: 'You may not.', status: 403 })
  expect(await second).toEqual({ ok: false, title: 'You may not.', status: 403 })
  const third = link.ask({ type: 'unpatch', group: 'a', other: 'b' })
  time.pass(8_000)
  expect(await third).toMatchObject({ ok: false })
  const fourth = link.ask({ type: 'unpatch', group: 'a', other: 'b' })
  server.socket.lose()
  expect(await fourth).toMatchObject({ ok: false })
})
test('a twin of this tab that came with its id has it; this one takes another', () => {
  link.open()
  server.welcome()
  server.socket.lose(1000)
  time.pass(1_000)
  server.welcome()
  expect(server.socket.sent[0]).toEqual({ type: 'hello', client: 'device-2' })
})
test('a line that was left does not come back', () => {
  link.open()
  server.welcome()
  const old = server.socket
  link.close()
  old.onclose?.({ code: 1006 })
  time.pass(60_000)
  expect(server.sockets).toHaveLength(1)
  expect(lines.at(-1)).toBe('off')
})
test('what is not understood is left alone', () => {
  expect([readTold('{"type":"later-than-this"}'), readTold('no json'), readTold('null'), readTold(new ArrayBuffer(2)), readTold('[]')]).toEqual([null, null, null, null, null])
  link.open()
  server.welcome()
  server.socket.onmessage?.({ data: '{"type":"later"}' })
  expect(told.map((one) => one.type)).toEqual(['welcome'])
})
