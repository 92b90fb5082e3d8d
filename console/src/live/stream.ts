import type { Change } from '../api/types'
import { SseParser } from './sse'

/** What the stream tells the console. `hello` says whether the line resumed where it broke. */
export type LiveMessage =
  | { kind: 'hello'; at: number; resumed: boolean }
  | { kind: 'change'; change: Change }
  | { kind: 'beat'; at: number }
  | { kind: 'reset' }
  | { kind: 'broken'; attempt: number; nextInMs: number }
  | { kind: 'refused'; status: number }

export type StreamDeps = {
  fetch: (url: string, init: RequestInit) => Promise<Response>
  later: (work: () => void, ms: number) => () => void
  chance: () => number
}

const silenceMs = 15_000
const firstWaitMs = 500
const longestWaitMs = 15_000

/**
 * The one event stream of a browser, kept up for as long as it is wanted.
 *
 * Read with fetch rather than EventSource: a broken line is taken up again from the last number seen also after the
 * server answered with an error, a silent line is noticed (a beat is due every 5 s), and the wait grows to 15 s.
 */
export class Stream {
  private lastId: string | null = null
  private attempt = 0
  private closed = false
  private abort: AbortController | null = null
  private cancelWait: () => void = () => {}
  private cancelSilence: () => void = () => {}

  constructor(
    private readonly url: string,
    private readonly deps: StreamDeps,
    private readonly tell: (message: LiveMessage) => void,
  ) {}

  open(): void {
    if (this.closed) return
    void this.read()
  }

  /** Do not wait any longer: the machine is back on the network, or a person asked. */
  retryNow(): void {
    if (this.abort !== null || this.closed) return
    this.cancelWait()
    this.attempt = 0
    this.open()
  }

  close(): void {
    this.closed = true
    this.cancelWait()
    this.cancelSilence()
    this.abort?.abort()
  }

  private async read(): Promise<void> {
    const abort = new AbortController()
    this.abort = abort
    try {
      this.watchSilence(abort)
      const headers: Record<string, string> = { Accept: 'text/event-stream' }
      if (this.lastId !== null) headers['Last-Event-ID'] = this.lastId
      const response = await this.deps.fetch(this.url, { headers, credentials: 'same-origin', cache: 'no-store', signal: abort.signal })
      if (response.status === 401 || response.status === 403) {
        this.cancelSilence()
        this.abort = null
        this.closed = true
        this.tell({ kind: 'refused', status: response.status })
        return
      }
      if (!response.ok || response.body === null) throw new Error(String(response.status))
      await this.consume(response.body, abort)
    } catch {
      // Broken, silent or refused for now: all end in the same wait below.
    }
    this.cancelSilence()
    this.abort = null
    if (!this.closed) this.waitAndReopen()
  }

  private async consume(body: ReadableStream<Uint8Array>, abort: AbortController): Promise<void> {
    const parser = new SseParser()
    const decoder = new TextDecoder()
    const reader = body.getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done || this.closed) return
      this.watchSilence(abort)
      for (const event of parser.feed(decoder.decode(value, { stream: true }))) this.take(event.event, event.data, event.id)
    }
  }

  private take(event: string, data: string, id: string | null): void {
    const told = JSON.parse(data === '' ? '{}' : data) as Record<string, unknown>
    if (event === 'hello') {
      this.attempt = 0
      this.tell({ kind: 'hello', at: Date.parse(String(told.at)), resumed: this.lastId !== null })
      this.lastId ??= told.seq === undefined ? null : String(told.seq)
    } else if (event === 'change') {
      this.tell({ kind: 'change', change: told as unknown as Change })
    } else if (event === 'beat') {
      this.tell({ kind: 'beat', at: Date.parse(String(told.at)) })
    } else if (event === 'reset') {
      this.tell({ kind: 'reset' })
    }
    if (id !== null && id !== '') this.lastId = id
  }

  private watchSilence(abort: AbortController): void {
    this.cancelSilence()
    this.cancelSilence = this.deps.later(() => abort.abort(), silenceMs)
  }

  private waitAndReopen(): void {
    const grown = Math.min(longestWaitMs, firstWaitMs * 2 ** this.attempt)
    const wait = Math.round(grown * (0.75 + this.deps.chance() / 2))
    this.attempt += 1
    this.tell({ kind: 'broken', attempt: this.attempt, nextInMs: wait })
    this.cancelWait = this.deps.later(() => this.open(), wait)
  }
}

export const browserDeps: StreamDeps = {
  fetch: (url, init) => fetch(url, init),
  later: (work, ms) => {
    const timer = setTimeout(work, ms)
    return () => clearTimeout(timer)
  },
  chance: Math.random,
}
