import { subprotocol, type Say, type Told } from './protocol'
import type { LinkDeps, Socket } from './link'
import type { MediaDeps } from './media'

/** Time that tests move. */
export class FakeTime {
  now = 1_000_000
  private readonly waiting: { at: number; work: () => void; every: number | null }[] = []

  later = (work: () => void, ms: number): (() => void) => this.add(work, ms, null)
  every = (work: () => void, ms: number): (() => void) => this.add(work, ms, ms)

  pass(ms: number): void {
    const end = this.now + ms
    for (;;) {
      const next = this.waiting.filter((one) => one.at <= end).sort((a, b) => a.at - b.at)[0]
      if (!next) break
      this.now = next.at
      if (next.every === null) this.waiting.splice(this.waiting.indexOf(next), 1)
      else next.at += next.every
      next.work()
    }
    this.now = end
  }

  private add(work: () => void, ms: number, every: number | null): () => void {
    const one = { at: this.now + ms, work, every }
    this.waiting.push(one)
    return () => {
      const at = this.waiting.indexOf(one)
      if (at >= 0) this.waiting.splice(at, 1)
    }
  }
}

/** The server's end of the socket, as the protocol has it. */
export class FakeServer {
  readonly sockets: FakeSocket[] = []
  constructor(private readonly time: FakeTime) {}

  deps: LinkDeps = {
    open: (_path, protocol) => {
      if (protocol !== subprotocol) throw new Error(protocol)
      const socket = new FakeSocket()
      this.sockets.push(socket)
      return socket
    },
    later: (work, ms) => this.time.later(work, ms),
    chance: () => 0.5,
  }

  get socket(): FakeSocket {
    const last = this.sockets.at(-1)
    if (!last) throw new Error('no socket was opened')
    return last
  }

  welcome(groups: Extract<Told, { type: 'welcome' }>['groups'] = []): void {
    this.socket.onopen?.()
    this.tell({ type: 'welcome', participant: { id: 'sip:d1@alder', name: 'D1', organisation: 'fire' }, groups, hears: 4 })
  }

  tell(told: Told): void {
    this.socket.onmessage?.({ data: JSON.stringify(told) })
  }

  get said(): (Say & { id?: string })[] {
    return this.sockets.flatMap((one) => one.sent)
  }

  types(): string[] {
    return this.said.map((one) => one.type)
  }
}

export class FakeSocket implements Socket {
  sent: (Say & { id?: string })[] = []
  closed: number | null = null
  onopen: (() => void) | null = null
  onmessage: ((event: { data: unknown }) => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null

  send(frame: string): void {
    if (this.closed !== null) throw new Error('closed')
    this.sent.push(JSON.parse(frame) as Say)
  }

  close(code = 1000): void {
    this.closed = code
  }

  lose(code = 1006): void {
    this.closed = code
    this.onclose?.({ code })
  }
}

export class FakeTrack {
  enabled = true
  readyState = 'live'
  onended: (() => void) | null = null
  stop(): void {
    this.readyState = 'ended'
  }
}

/** A peer connection that says what was asked of it. */
export class FakePeer {
  readonly asked: string[] = []
  connectionState = 'new'
  iceConnectionState = 'new'
  signalingState = 'stable'
  localDescription: { sdp: string } | null = null
  ontrack = null
  onconnectionstatechange: (() => void) | null = null
  oniceconnectionstatechange: (() => void) | null = null

  addTransceiver(what: unknown, { direction }: { direction: string }) {
    this.asked.push(`${typeof what === 'string' ? what : 'microphone'} ${direction}`)
    return { sender: { replaceTrack: () => Promise.resolve() }, receiver: { track: {} } }
  }

  setLocalDescription(given?: { type: string }): Promise<void> {
    this.asked.push(given?.type ?? 'offer')
    this.localDescription = { sdp: `offer ${this.asked.length}` }
    return Promise.resolve()
  }

  setRemoteDescription({ sdp }: { sdp: string }): Promise<void> {
    this.asked.push(`answer ${sdp}`)
    this.connectionState = 'connected'
    this.onconnectionstatechange?.()
    return Promise.resolve()
  }

  restartIce(): void {
    this.asked.push('restart')
  }

  close(): void {
    this.connectionState = 'closed'
  }

  ice(state: string): void {
    this.iceConnectionState = state
    this.oniceconnectionstatechange?.()
  }
}

export class FakeMedia {
  readonly peers: FakePeer[] = []
  readonly track = new FakeTrack()
  readonly ears: { volume: number; muted: boolean }[] = []
  refuses = false
  asked = 0
  constructor(private readonly time: FakeTime) {}

  deps: MediaDeps = {
    peer: () => {
      const peer = new FakePeer()
      this.peers.push(peer)
      return peer as unknown as RTCPeerConnection
    },
    microphone: () => {
      this.asked += 1
      return this.refuses ? Promise.reject(new Error('refused')) : Promise.resolve(this.track as unknown as MediaStreamTrack)
    },
    ear: () => {
      const ear = { volume: 1, muted: false, autoplay: false, srcObject: null, play: () => Promise.resolve() }
      this.ears.push(ear)
      return ear as unknown as HTMLAudioElement
    },
    later: (work, ms) => this.time.later(work, ms),
  }
}

/** Lets promises that are settled already run on. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 12; turn++) await Promise.resolve()
}
