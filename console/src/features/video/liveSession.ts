import type Hls from 'hls.js'
import { Refused, requestAs } from '../../api/http'
import { type Failure, type Live, type LiveEvent, nextLive, type Via } from './live'
import { cameraPath, type Purpose, under } from './purpose'
import type { Stream } from './stream'

const answerMs = 8_000
const firstPictureMs = { whep: 4_000, hls: 12_000 }
const stillAfterMs = 8_000
const lookMs = 2_000
const hlsHoldsMs = 60_000

/** Where no direct path was found a moment ago, the next tile need not try: until then HLS is taken at once. */
let hlsUntil = 0

/**
 * One live picture in one video element. Everything it opens (peer connection, player, requests, timers) closes with
 * {@link close}, and each try closes the one before.
 */
export class LiveSession {
  private live: Live = { phase: 'idle' }
  private attempt: { stop: () => void } | null = null
  private timer: ReturnType<typeof setTimeout> | undefined
  private watch: ReturnType<typeof setInterval> | undefined

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly camera: string,
    private readonly purpose: Purpose,
    private readonly stream: Stream,
    private readonly told: (live: Live) => void,
  ) {}

  start(): void {
    this.hear({ kind: 'start', via: way() })
  }

  close(): void {
    this.hear({ kind: 'stop' })
  }

  private hear(event: LiveEvent): void {
    const before = this.live
    this.live = nextLive(before, event)
    if (this.live === before) return
    const connecting = this.live.phase === 'connecting' && this.live !== before
    if (this.live.phase !== 'playing') this.leave()
    if (connecting && this.live.phase === 'connecting') this.connect(this.live.via)
    else if (this.live.phase === 'playing') this.watchPicture()
    else if (this.live.phase === 'waiting') this.timer = setTimeout(() => this.hear({ kind: 'due', via: way() }), Math.max(0, this.live.until - Date.now()))
    this.told(this.live)
  }

  private connect(via: Via): void {
    const abort = new AbortController()
    const failed = (why: Failure) => {
      if (abort.signal.aborted) return
      if (via === 'whep' && why === 'noPath') hlsUntil = Date.now() + hlsHoldsMs
      this.hear({ kind: 'failed', why, at: Date.now() })
    }
    const door = { video: this.video, camera: this.camera, purpose: this.purpose, stream: this.stream, signal: abort.signal, failed }
    this.attempt = { stop: () => abort.abort() }
    this.timer = setTimeout(() => failed('noPath'), answerMs + firstPictureMs[via])
    const shown = () => {
      if (!abort.signal.aborted) this.hear({ kind: 'playing' })
    }
    this.video.addEventListener('playing', shown, { signal: abort.signal })
    const opened = via === 'whep' ? openWhep(door) : openHls(door)
    opened.then(
      () => {
        if (abort.signal.aborted || this.live.phase !== 'connecting') return
        clearTimeout(this.timer)
        this.timer = setTimeout(() => failed('noPath'), firstPictureMs[via])
      },
      (cause: unknown) => {
        if (abort.signal.aborted) return
        if (cause instanceof Refused) this.hear({ kind: 'refused', problem: cause.problem, at: Date.now() })
        else failed('noAnswer')
      },
    )
  }

  /** A picture whose clock stands still is no live picture, whatever the connection says. */
  private watchPicture(): void {
    clearTimeout(this.timer)
    clearInterval(this.watch)
    let seen = this.video.currentTime
    let moved = Date.now()
    this.watch = setInterval(() => {
      const now = Date.now()
      if (this.video.currentTime !== seen || document.hidden) {
        seen = this.video.currentTime
        moved = now
      } else if (now - moved > stillAfterMs) this.hear({ kind: 'failed', why: 'stalled', at: now })
    }, lookMs)
  }

  private leave(): void {
    clearTimeout(this.timer)
    clearInterval(this.watch)
    this.attempt?.stop()
    this.attempt = null
  }
}

function way(): Via {
  return Date.now() < hlsUntil || typeof RTCPeerConnection === 'undefined' ? 'hls' : 'whep'
}

type Door = { video: HTMLVideoElement; camera: string; purpose: Purpose; stream: Stream; signal: AbortSignal; failed: (why: Failure) => void }

/** WHEP (RFC 9725 turned round): one offer, one answer; the server has public candidates, so ours need not be gathered. */
async function openWhep({ video, camera, purpose, stream, signal, failed }: Door): Promise<void> {
  const peer = new RTCPeerConnection()
  let resource: string | null = null
  const leave = () => {
    if (video.srcObject) video.srcObject = null
    if (resource === null) return peer.close()
    // Told first, closed then: a server that has seen the peer go no longer knows the session.
    requestAs('DELETE', resource, { grant: purpose.grant, keepalive: true, timeoutMs: 2_000 }, '*/*', () => Promise.resolve()).catch(() => {}).finally(() => peer.close())
  }
  signal.addEventListener('abort', leave, { once: true })
  peer.addTransceiver('video', { direction: 'recvonly' })
  peer.addTransceiver('audio', { direction: 'recvonly' })
  peer.ontrack = (event) => {
    if (signal.aborted || video.srcObject) return
    // Live means now: nothing is held back.
    if ('jitterBufferTarget' in event.receiver) event.receiver.jitterBufferTarget = 0
    video.srcObject = event.streams[0] ?? new MediaStream([event.track])
    video.play().catch(() => {})
  }
  peer.onconnectionstatechange = () => {
    if (peer.connectionState === 'failed') failed('noPath')
    else if (peer.connectionState === 'closed') failed('stalled')
  }
  await peer.setLocalDescription()
  const { text, response } = await requestAs(
    'POST', `/whep/cameras/${encodeURIComponent(camera)}${under(purpose, { stream })}`,
    { sent: { type: 'application/sdp', body: peer.localDescription?.sdp ?? '' }, grant: purpose.grant, signal, timeoutMs: answerMs },
    'application/sdp', (answer) => answer.text(),
  )
  const location = response.headers.get('Location')
  resource = location ? new URL(location, response.url).pathname + new URL(location, response.url).search : null
  if (signal.aborted) return leave()
  await peer.setRemoteDescription({ type: 'answer', sdp: text })
}

async function openHls({ video, camera, purpose, signal, failed }: Door): Promise<void> {
  const address = cameraPath(camera, `live.m3u8${under(purpose)}`)
  // Asked for first by ourselves: a refusal is told in words, which a player would swallow.
  await requestAs('GET', address, { signal, timeoutMs: answerMs }, 'application/vnd.apple.mpegurl', (answer) => answer.text())
  const Player = await hlsPlayer()
  if (signal.aborted) return
  if (!Player) {
    video.src = address
    video.addEventListener('error', () => failed('stalled'), { signal, once: true })
    signal.addEventListener('abort', () => empty(video), { once: true })
  } else {
    const hls = new Player({ ...hlsSettings, liveSyncDurationCount: 2, liveMaxLatencyDurationCount: 6, maxLiveSyncPlaybackRate: 1.2 })
    hls.on(Player.Events.ERROR, (_event, told) => told.fatal && failed('stalled'))
    signal.addEventListener('abort', () => { hls.destroy(); empty(video) }, { once: true })
    hls.loadSource(address)
    hls.attachMedia(video)
  }
  video.play().catch(() => {})
}

/** Nothing of a stream stays in the element. */
export function empty(video: HTMLVideoElement): void {
  video.pause()
  video.removeAttribute('src')
  video.load()
}

/** Bounded buffers: sixteen tiles must fit in a small machine. The content policy allows no worker from a blob. */
export const hlsSettings = { enableWorker: false, maxBufferLength: 12, maxMaxBufferLength: 20, backBufferLength: 20, maxBufferSize: 12_000_000 } as const

/** hls.js where the browser can take media in pieces, loaded when first needed; else null: the browser plays HLS itself. */
export async function hlsPlayer(): Promise<typeof Hls | null> {
  const { default: Player } = await import('hls.js')
  return Player.isSupported() ? Player : null
}
