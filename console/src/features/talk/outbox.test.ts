import { beforeEach, expect, test } from 'vitest'
import type { Answer } from './link'
import { Outbox, type OutboxStore, type Waiting } from './outbox'
import type { Say, TalkMessage } from './protocol'

const silence: Answer = { ok: false, title: '' }
const done: Answer = { ok: true, told: null }
let kept: Map<string, Waiting>
let said: Extract<Say, { type: 'message' }>[]
let sent: TalkMessage[]
let uploads: string[]
let answers: Answer[]
let upload: (name: string) => Promise<string>
let box: Outbox
let count = 0

const store: OutboxStore = {
  all: () => Promise.resolve([...kept.values()]),
  put: (one) => { kept.set(one.id, one); return Promise.resolve() },
  remove: (id) => { kept.delete(id); return Promise.resolve() },
}
const fresh = () =>
  new Outbox(store, {
    ask: (say) => { if (say.type === 'message') said.push(say); return Promise.resolve(answers.shift() ?? silence) },
    upload: (file, key) => { uploads.push(`${file.name} ${key}`); return upload(file.name) },
    newId: () => `m${++count}`,
    now: () => 1_000 * count,
    sent: (message) => sent.push(message),
  })
const file = (name: string) => ({ name, type: 'image/jpeg', blob: new Blob(['x']) })

beforeEach(() => {
  kept = new Map()
  said = []
  sent = []
  uploads = []
  answers = []
  count = 0
  upload = (name) => Promise.resolve(`id-of-${name}`)
  box = fresh()
})

test('what is written without a line waits, over a reload too, and goes out once with its own id', async () => {
  const id = await box.add({ person: 'ada', to: 'g', text: 'first' })
  await box.send('ada')
  expect(box.present()).toHaveLength(1)
  const after = fresh()
  answers = [done]
  await after.send('ada')
  expect(said.map((one) => one.id)).toEqual([id, id])
  expect(after.present()).toEqual([])
  expect(kept.size).toBe(0)
  expect(sent).toMatchObject([{ id, text: 'first', to: 'g' }])
})
test('they go in the order they were written; behind one without answer nothing is tried', async () => {
  await box.add({ person: 'ada', to: 'g', text: 'first' })
  await box.add({ person: 'ada', to: 'g', text: 'second' })
  await box.send('ada')
  expect(said.map((one) => one.text)).toEqual(['first'])
  answers = [done, done]
  await box.send('ada')
  expect(said.map((one) => one.text)).toEqual(['first', 'first', 'second'])
})
test('one that is refused waits for its writer, and the others go on', async () => {
  const id = await box.add({ person: 'ada', to: 'g', text: 'first' })
  await box.add({ person: 'ada', to: 'g', text: 'second' })
  answers = [{ ok: false, title: 'You are no member.', status: 403 }, done]
  await box.send('ada')
  expect(box.present()).toMatchObject([{ id, fault: 'You are no member.' }])
  await box.send('ada')
  expect(said).toHaveLength(2)
  answers = [done]
  await box.again(id, 'ada')
  expect(box.present()).toEqual([])
})
test('files go first, each once, and the message names them', async () => {
  await box.add({ person: 'ada', to: 'g', files: [file('a.jpg'), file('b.jpg')] })
  await box.send('ada')
  answers = [done]
  await box.send('ada')
  expect(uploads).toEqual(['a.jpg m1-0', 'b.jpg m1-1'])
  expect(said.at(-1)?.attachments).toEqual(['id-of-a.jpg', 'id-of-b.jpg'])
})
test('a file that cannot be sent now is tried again; one that is refused is told', async () => {
  await box.add({ person: 'ada', to: 'g', files: [file('a.jpg')] })
  upload = () => Promise.reject(new Error('no line'))
  await box.send('ada')
  expect(box.present()[0]?.fault).toBeUndefined()
  upload = () => Promise.reject(Object.assign(new Error(''), { problem: { status: 413, title: 'Too large' } }))
  await box.send('ada')
  expect(box.present()[0]?.fault).toBe('Too large')
  expect(said).toEqual([])
})
test('an answer that comes after one has given up waiting counts', async () => {
  const id = await box.add({ person: 'ada', to: 'g', text: 'x' })
  await box.send('ada')
  box.hear({ type: 'message-state', id, state: 'delivered' })
  await Promise.resolve()
  expect(box.present()).toEqual([])
})
test('what somebody else wrote in this browser is not sent in one’s name', async () => {
  await box.add({ person: 'ben', to: 'g', text: 'x' })
  answers = [done]
  await box.send('ada')
  expect(said).toEqual([])
  expect(box.present()).toHaveLength(1)
})
test('a browser that keeps nothing still sends', async () => {
  const broken: OutboxStore = { all: () => Promise.reject(new Error('no')), put: () => Promise.reject(new Error('no')), remove: () => Promise.reject(new Error('no')) }
  const out = new Outbox(broken, { ask: () => Promise.resolve(done), upload: () => Promise.resolve(''), newId: () => 'n', now: () => 0, sent: (message) => sent.push(message) })
  await out.add({ person: 'ada', to: 'g', text: 'x' })
  await out.send('ada')
  expect(sent).toHaveLength(1)
})
