import { expect, test } from 'vitest'
import { SseParser } from './sse'

const stream = 'event: hello\ndata: {"seq":7}\n\n: a comment\nevent: change\nid: 8\ndata: {"a":\ndata: 1}\n\ndata: x\n\n'
const events = [
  { event: 'hello', data: '{"seq":7}', id: null },
  { event: 'change', data: '{"a":\n1}', id: '8' },
  { event: 'message', data: 'x', id: null },
]

test('reads events, their ids and data of several lines', () => {
  expect(new SseParser().feed(stream)).toEqual(events)
})
test('reads the same wherever the network cuts the stream, and with any line ends', () => {
  for (const text of [stream, stream.replaceAll('\n', '\r\n')]) {
    for (let cut = 0; cut <= text.length; cut++) {
      const parser = new SseParser()
      expect([...parser.feed(text.slice(0, cut)), ...parser.feed(text.slice(cut))], String(cut)).toEqual(events)
    }
  }
})
test('tells nothing of an event that has not ended', () => {
  expect(new SseParser().feed('data: half')).toEqual([])
})
test('refuses an event without end before it fills the memory', () => {
  const parser = new SseParser()
  expect(() => {
    for (let i = 0; i < 100; i++) parser.feed('x'.repeat(100_000))
  }).toThrow(RangeError)
})
test('survives random bytes', () => {
  let seed = 42
  const next = () => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31)
  const parser = new SseParser()
  for (let i = 0; i < 500; i++) parser.feed(String.fromCharCode(...Array.from({ length: 40 }, () => next() % 128)))
})
