import { expect, test } from 'vitest'
import { type LiveMessage, Stream, type StreamDeps } from './stream'

/** A network told what to answer, and a clock that moves by hand. */
class Stage implements StreamDeps {
  asked: Record<string, string>[] = []
  told: LiveMessage[] = []
  timers: { work: () => void; ms: number }[] = []
  answers: (() => Response)[] = []
  pipe: ReadableStreamDefaultController<Uint8Array> | null = null

  fetch = async (_: string, init: RequestInit) => {
    this.asked.push(init.headers as Record<string, string>)
    const answer = this.answers.shift()
    if (!answer) throw new TypeError('no link')
    const response = answer()
    init.signal?.addEventListener('abort', () => this.pipe?.error(new Error('aborted')))
    return response
  }
  later = (work: () => void, ms: number) => {
    const timer = { work, ms }
    this.timers.push(timer)
    return () => void (this.timers = this.timers.filter((one) => one !== timer))
  }
  chance = () => 0.5

  open = () => new Response(new ReadableStream<Uint8Array>({ start: (pipe) => void (this.pipe = pipe) }))
  async say(text: string) {
    this.pipe?.enqueue(new TextEncoder().encode(text))
    await this.settle()
  }
  async run(ms: number) {
    const due = this.timers.filter((one) => one.ms === ms)
    this.timers = this.timers.filter((one) => one.ms !== ms)
    for (const one of due) one.work()
    await this.settle()
  }
  settle = () => new Promise((done) => setTimeout(done))
}

const hello = 'event: hello\ndata: {"seq":4,"at":"2026-01-01T00:00:00Z"}\n\n'
const change = 'event: change\nid: 5\ndata: {"seq":5,"type":"Unit","id":"u","change":"updated","entity":{}}\n\n'

async function opened(stage: Stage) {
  stage.answers.push(stage.open)
  const stream = new Stream('/api/events', stage, (message) => stage.told.push(message))
  stream.open()
  await stage.settle()
  return stream
}

test('tells what comes, and takes up a broken line from the last number seen', async () => {
  const stage = new Stage()
  await opened(stage)
  await stage.say(hello + change)
  expect(stage.told.map((one) => one.kind)).toEqual(['hello', 'change'])
  stage.answers.push(stage.open)
  stage.pipe?.close()
  await stage.settle()
  expect(stage.told.at(-1)).toMatchObject({ kind: 'broken', attempt: 1 })
  await stage.run(500)
  expect(stage.asked.at(-1)?.['Last-Event-ID']).toBe('5')
  await stage.say(hello)
  expect(stage.told.at(-1)).toMatchObject({ kind: 'hello', resumed: true })
})

test('asks from the number of the first hello when nothing has changed since', async () => {
  const stage = new Stage()
  await opened(stage)
  await stage.say(hello)
  expect(stage.told[0]).toMatchObject({ kind: 'hello', resumed: false })
  stage.answers.push(stage.open)
  stage.pipe?.close()
  await stage.settle()
  await stage.run(500)
  expect(stage.asked.at(-1)?.['Last-Event-ID']).toBe('4')
})

test('waits longer after each failure, but never longer than the bound', async () => {
  const stage = new Stage()
  const stream = new Stream('/api/events', stage, (message) => stage.told.push(message))
  stream.open()
  await stage.settle()
  for (let i = 0; i < 8; i++) {
    const broken = stage.told.at(-1)
    await stage.run(broken?.kind === 'broken' ? broken.nextInMs : 0)
  }
  const waits = stage.told.map((one) => (one.kind === 'broken' ? one.nextInMs : 0))
  expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000, 15_000])
})

test('gives up a silent line', async () => {
  const stage = new Stage()
  await opened(stage)
  await stage.say(hello)
  await stage.run(15_000)
  expect(stage.told.at(-1)?.kind).toBe('broken')
})

test('stops asking when the session has ended', async () => {
  const stage = new Stage()
  stage.answers.push(() => new Response('', { status: 401 }))
  const stream = new Stream('/api/events', stage, (message) => stage.told.push(message))
  stream.open()
  await stage.settle()
  expect(stage.told).toEqual([{ kind: 'refused', status: 401 }])
  expect(stage.timers).toEqual([])
})

test('does not wait when a person asks to try now', async () => {
  const stage = new Stage()
  const stream = new Stream('/api/events', stage, (message) => stage.told.push(message))
  stream.open()
  await stage.settle()
  stream.retryNow()
  await stage.settle()
  expect(stage.asked).toHaveLength(2)
})
