import { readTold, type Say, subprotocol, type Told } from './protocol'
import type { Line } from './state'

/** As much of a WebSocket as is used, so that tests can be one. */
export type Socket = {
  send: (frame: string) => void
  close: (code?: number) => void
  onopen: (() => void) | null
  onmessage: ((event: { data: unknown }) => void) | null
  onclose: ((event: { code: number }) => void) | null
}
export type LinkDeps = {
  open: (path: string, protocol: string) => Socket
  later: (work: () => void, ms: number) => () => void
  chance: () => number
}
export type Answer = { ok: true; told: Told | null } | { ok: false; title: string; status?: number | undefined }

const pingMs = 10_000
const silenceMs = 25_000
const answerMs = 8_000
const firstWaitMs = 500
const longestWaitMs = 10_000
/** Closed by policy (RFC 6455 §7.4.1): the sign-in has ended, or too much was said. */
const refusals = [1008, 4001, 4003, 4009]
/** Closed in order by the server: another tab came with this client's id, as a duplicated tab does. */
const takenOver = 1000

/**
 * The one socket of this device, kept up for as long as it is wanted: says hello with the same client id each time, so
 * that the server puts it where the broken one was. Nothing is kept to be sent later: what is said while there is no line
 * is not said, as a request for the floor must never come late. (Messages wait in the outbox.)
 */
export class TalkLink {
  private socket: Socket | null = null
  private attempt = 0
  private wanted = false
  private welcomed = false
  private count = 0
  private cancelWait: () => void = () => {}
  private cancelPing: () => void = () => {}
  private cancelSilence: () => void = () => {}
  private readonly asked = new Map<string, { settle: (answer: Answer) => void; cancel: () => void }>()

  constructor(
    private client: string,
    private readonly deps: LinkDeps,
    private readonly told: (told: Told) => void,
    private readonly lined: (line: Line) => void,
    private readonly newClient: () => string,
  ) {}

  /** The unit one takes part as; absent: the seat. Takes effect with the next hello. */
  unit: string | undefined

  open(): void {
    if (this.wanted && this.socket) return
    this.wanted = true
    this.connect()
  }

  close(): void {
    this.wanted = false
    this.cancelWait()
    this.drop(1000)
    this.lined('off')
  }

  /** Does not wait any longer: the machine is back on a network, or a person asked. A line that stands is asked whether it does. */
  retryNow(): void {
    if (!this.wanted) return
    if (this.socket && this.welcomed) return this.probe()
    this.cancelWait()
    this.attempt = 0
    this.drop(1000)
    this.connect()
  }

  /** Whether it went out. */
  say(say: Say): boolean {
    return this.write(say)
  }

  /** Says it and resolves to the answer; a refusal, silence and a broken line are answers, too. */
  ask(say: Say): Promise<Answer> {
    const id = say.type === 'message' ? say.id : `c${++this.count}`
    return new Promise((settle) => {
      if (!this.write({ ...say, id } as Say)) return settle({ ok: false, title: '' })
      const cancel = this.deps.later(() => this.settle(id, { ok: false, title: '' }), answerMs)
      this.asked.set(id, { settle, cancel })
    })
  }

  private write(say: Say): boolean {
    if (!this.socket || (!this.welcomed && say.type !== 'hello')) return false
    try {
      this.socket.send(JSON.stringify(say))
      return true
    } catch {
      return false
    }
  }

  private connect(): void {
    this.lined(this.attempt === 0 ? 'connecting' : 'waiting')
    let socket: Socket
    try {
      socket = this.deps.open('/api/talk/socket', subprotocol)
    } catch {
      return this.wait()
    }
    this.socket = socket
    socket.onopen = () => {
      if (this.socket === socket) this.write({ type: 'hello', client: this.client, ...(this.unit ? { unit: this.unit } : {}) })
    }
    socket.onmessage = (event) => {
      if (this.socket === socket) this.take(readTold(event.data))
    }
    socket.onclose = (event) => {
      if (this.socket !== socket) return
      const refused = refusals.includes(event.code)
      this.drop()
      if (!this.wanted) return
      if (event.code === takenOver) this.client = this.newClient()
      if (!refused) return this.wait()
      this.wanted = false
      this.lined('refused')
    }
    this.watchSilence()
  }

  private take(told: Told | null): void {
    this.watchSilence()
    if (told === null) return
    if (told.type === 'welcome') {
      this.attempt = 0
      this.welcomed = true
      this.lined('open')
      this.ping()
    }
    if ('re' in told && told.re !== undefined && this.asked.has(told.re)) {
      this.settle(told.re, told.type === 'problem' ? { ok: false, title: told.detail ?? told.title, status: told.status } : { ok: true, told })
    }
    // A hello that is refused is refused for good: a unit that is not one's own, no right to talk.
    if (told.type === 'problem' && !this.welcomed) {
      this.told(told)
      this.wanted = false
      this.drop(1000)
      return this.lined('refused')
    }
    this.told(told)
  }

  private settle(id: string, answer: Answer): void {
    const one = this.asked.get(id)
    this.asked.delete(id)
    one?.cancel()
    one?.settle(answer)
  }

  private probe(): void {
    this.write({ type: 'ping' })
    this.cancelSilence()
    this.cancelSilence = this.deps.later(() => this.broken(), 4_000)
  }

  private ping(): void {
    this.cancelPing()
    this.cancelPing = this.deps.later(() => {
      this.write({ type: 'ping' })
      this.ping()
    }, pingMs)
  }

  /** A line on which nothing comes, not even the pong of one's own ping, is broken whatever the browser says. */
  private watchSilence(): void {
    this.cancelSilence()
    this.cancelSilence = this.deps.later(() => this.broken(), silenceMs)
  }

  private broken(): void {
    this.drop(4000)
    if (this.wanted) this.wait()
  }

  private drop(code?: number): void {
    const socket = this.socket
    this.socket = null
    this.welcomed = false
    this.cancelPing()
    this.cancelSilence()
    for (const id of [...this.asked.keys()]) this.settle(id, { ok: false, title: '' })
    if (!socket || code === undefined) return
    try {
      socket.close(code)
    } catch {
      // Not open yet: it is let go all the same.
    }
  }

  private wait(): void {
    const grown = Math.min(longestWaitMs, firstWaitMs * 2 ** this.attempt)
    this.attempt += 1
    this.lined('waiting')
    this.cancelWait = this.deps.later(() => this.connect(), Math.round(grown * (0.75 + this.deps.chance() / 2)))
  }
}

export const browserLink: LinkDeps = {
  open: (path, protocol) => {
    const address = new URL(path, location.href)
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
    return new WebSocket(address, protocol) as unknown as Socket
  },
  later: (work, ms) => {
    const timer = setTimeout(work, ms)
    return () => clearTimeout(timer)
  },
  chance: Math.random,
}
