import type { Point } from 'geojson'
import type { Say, TalkMessage, Told } from './protocol'
import type { Answer } from './link'

/** A file that goes with a message; `uploaded` is the server's id once it is there. */
export type OutFile = { name: string; type: string; blob: Blob; uploaded?: string }
/** A message that waits. The id is ours, so that sending it twice is sending it once. */
export type Waiting = { id: string; person: string; to: string; at: string; text?: string; code?: string; place?: Point; files: OutFile[]; /** Why the server does not want it; it waits for its writer. */ fault?: string }

export type OutboxStore = { all: () => Promise<Waiting[]>; put: (one: Waiting) => Promise<void>; remove: (id: string) => Promise<void> }
export type OutboxDeps = {
  ask: (say: Say) => Promise<Answer>
  upload: (file: OutFile, key: string) => Promise<string>
  newId: () => string
  now: () => number
  sent: (message: TalkMessage) => void
}

export const mostFiles = 6
export const mostBytes = 10_000_000
const mostWaiting = 200

/**
 * Messages on their way, kept in the browser until the server has them: over a dead line, a reload, a dead battery.
 * Sent in the order they were written, one after the other.
 */
export class Outbox {
  private waiting: readonly Waiting[] = []
  private readonly listeners = new Set<() => void>()
  private sending: Promise<void> | null = null
  private loaded: Promise<void> | null = null

  constructor(
    private readonly store: OutboxStore,
    private readonly deps: OutboxDeps,
  ) {}

  present = (): readonly Waiting[] => this.waiting
  listen = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    void this.load()
    return () => this.listeners.delete(listener)
  }

  load(): Promise<void> {
    this.loaded ??= this.store.all().then(
      (kept) => this.put([...kept, ...this.waiting.filter((one) => !kept.some((each) => each.id === one.id))].sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || a.id.localeCompare(b.id))),
      () => {},
    )
    return this.loaded
  }

  /** Resolves once it is kept: from then on it is not lost. */
  async add(message: Omit<Waiting, 'id' | 'at' | 'files'> & { files?: OutFile[] }): Promise<string> {
    await this.load()
    if (this.waiting.length >= mostWaiting) throw new Error(`${mostWaiting} messages wait already`)
    const one: Waiting = { ...message, id: this.deps.newId(), at: new Date(this.deps.now()).toISOString(), files: message.files ?? [] }
    this.put([...this.waiting, one])
    await this.store.put(one).catch(() => {})
    return one.id
  }

  async drop(id: string): Promise<void> {
    this.put(this.waiting.filter((one) => one.id !== id))
    await this.store.remove(id).catch(() => {})
  }

  /** Sends what waits of this person, as far as the line holds. While one sending is under way, another begins none. */
  send(person: string): Promise<void> {
    this.sending ??= this.sendAll(person).finally(() => { this.sending = null })
    return this.sending
  }

  /** The writer wants it tried once more. */
  async again(id: string, person: string): Promise<void> {
    this.put(this.waiting.map((one) => (one.id === id ? unfaulted(one) : one)))
    await this.send(person)
  }

  /** The server has it, by whatever way one hears of that. */
  hear(told: Told): void {
    if (told.type === 'message-state' || told.type === 'message') void this.done(told.id)
    else if (told.type === 'done' && told.re !== undefined) void this.done(told.re)
  }

  private async done(id: string): Promise<void> {
    const one = this.waiting.find((each) => each.id === id)
    if (!one) return
    this.deps.sent({ id: one.id, from: '', to: one.to, at: one.at, ...(one.text ? { text: one.text } : {}), ...(one.code ? { code: one.code } : {}), ...(one.place ? { place: one.place } : {}), attachments: one.files.map((file) => ({ id: file.uploaded ?? '', name: file.name, type: file.type })) })
    await this.drop(id)
  }

  private async sendAll(person: string): Promise<void> {
    await this.load()
    for (const id of this.waiting.filter((one) => one.person === person && one.fault === undefined).map((one) => one.id)) {
      if (!(await this.sendOne(id))) return
    }
  }

  /** Whether the next may be tried. */
  private async sendOne(id: string): Promise<boolean> {
    const one = this.waiting.find((each) => each.id === id)
    if (!one) return true
    const files: OutFile[] = []
    for (const [at, file] of one.files.entries()) {
      try {
        files.push(file.uploaded ? file : { ...file, uploaded: await this.deps.upload(file, `${one.id}-${at}`) })
      } catch (cause) {
        return this.fault(one, refusalOf(cause))
      }
    }
    const ready = { ...one, files }
    this.put(this.waiting.map((each) => (each.id === id ? ready : each)))
    if (files.length > 0) await this.store.put(ready).catch(() => {})
    const answer = await this.deps.ask({
      type: 'message', id, to: one.to, ...(one.text ? { text: one.text } : {}), ...(one.code ? { code: one.code } : {}), ...(one.place ? { place: one.place } : {}),
      ...(files.length > 0 ? { attachments: files.flatMap((file) => file.uploaded ?? []) } : {}),
    })
    if (answer.ok) {
      await this.done(id)
      return true
    }
    // It may have come by another way while one waited.
    if (!this.waiting.some((each) => each.id === id)) return true
    return this.fault(ready, answer.title === '' ? null : answer.title)
  }

  /** @param why null where there was no answer: it waits for the line, and with it what comes after */
  private async fault(one: Waiting, why: string | null): Promise<boolean> {
    if (why === null) return false
    const faulty = { ...one, fault: why }
    this.put(this.waiting.map((each) => (each.id === one.id ? faulty : each)))
    await this.store.put(faulty).catch(() => {})
    return true
  }

  private put(next: readonly Waiting[]): void {
    this.waiting = next
    for (const listener of this.listeners) listener()
  }
}

function unfaulted(one: Waiting): Waiting {
  const { fault: _, ...rest } = one
  return rest
}

/** What the server refused for good; null for everything that another try may mend. */
function refusalOf(cause: unknown): string | null {
  if (typeof cause !== 'object' || cause === null || !('problem' in cause)) return null
  const { status, detail, title } = cause.problem as { status: number; detail?: string; title: string }
  return status >= 400 && status < 500 && status !== 401 && status !== 408 && status !== 429 ? (detail ?? title) : null
}

/** IndexedDB, as it can keep files. A browser without it keeps them until the page is left. */
export function browserStore(name = 'conurb-outbox'): OutboxStore {
  const open = (): Promise<IDBDatabase> =>
    new Promise((settle, fail) => {
      const asked = indexedDB.open(name, 1)
      asked.onupgradeneeded = () => asked.result.createObjectStore('waiting', { keyPath: 'id' })
      asked.onsuccess = () => settle(asked.result)
      asked.onerror = () => fail(asked.error ?? new Error('no store'))
    })
  let database: Promise<IDBDatabase> | null = null
  const run = async <T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> => {
    database ??= open()
    const store = (await database).transaction('waiting', mode, { durability: 'strict' }).objectStore('waiting')
    return new Promise((settle, fail) => {
      const asked = work(store)
      asked.onsuccess = () => settle(asked.result)
      asked.onerror = () => fail(asked.error ?? new Error('not kept'))
    })
  }
  return {
    all: () => run('readonly', (store) => store.getAll() as IDBRequest<Waiting[]>),
    put: async (one) => void (await run('readwrite', (store) => store.put(one))),
    remove: async (id) => void (await run('readwrite', (store) => store.delete(id))),
  }
}
