import type Hls from 'hls.js'
import { type Problem, Refused, requestAs } from '../../api/http'
import { empty, hlsPlayer, hlsSettings } from './liveSession'
import type { Follower } from './playClock'
import { leaves, mediaAt, type Stretch, stretches, type Window, windowFor } from './playlist'
import { cameraPath, type Purpose, under } from './purpose'

export type PlayState = { kind: 'loading' } | { kind: 'shown' } | { kind: 'hole' } | { kind: 'refused'; problem: Problem } | { kind: 'failed' }

const againMs = 5_000

/** One camera's recording in one video element, led by the common clock. */
export class Playback implements Follower {
  private state: PlayState = { kind: 'loading' }
  private window: Window | null = null
  private map: Stretch[] = []
  private hls: Hls | null = null
  private loading: AbortController | null = null
  private failedAt = 0
  private closed = false

  /** @param now the city's time in ms */
  constructor(
    private readonly video: HTMLVideoElement,
    private readonly camera: string,
    private readonly purpose: Purpose,
    private readonly told: (state: PlayState) => void,
    private readonly now: () => number,
  ) {}

  ready(): boolean {
    return this.state.kind !== 'loading' && !(this.state.kind === 'shown' && (this.video.seeking || this.video.readyState < 3))
  }

  follow(wall: number, playing: boolean, rate: number): void {
    if (this.closed || this.state.kind === 'refused') return
    if (this.window === null || leaves(this.window, wall, this.now())) return this.load(wall)
    if (this.loading || this.state.kind === 'failed') {
      if (this.state.kind === 'failed' && this.now() - this.failedAt > againMs) this.load(wall)
      return
    }
    const media = mediaAt(this.map, wall)
    if (media === null) {
      this.video.pause()
      return this.put({ kind: 'hole' })
    }
    this.put({ kind: 'shown' })
    this.lead(media, playing, rate)
  }

  /** Small differences are caught up with by running faster or slower, great ones by a jump. */
  private lead(media: number, playing: boolean, rate: number): void {
    const video = this.video
    const off = media - video.currentTime
    if (Math.abs(off) > (playing ? 0.5 * Math.max(1, rate) : 0.04)) {
      if (!video.seeking) video.currentTime = media
    } else if (playing) video.playbackRate = rate * (1 + Math.max(-0.15, Math.min(0.15, off / 2)))
    if (playing && video.paused) video.play().catch(() => {})
    else if (!playing && !video.paused) video.pause()
  }

  private load(wall: number): void {
    const window = windowFor(wall, this.now())
    if (this.loading && this.window?.from === window.from) return
    this.loading?.abort()
    const abort = new AbortController()
    this.loading = abort
    this.window = window
    const shown = this.map.length > 0
    if (!shown) this.put({ kind: 'loading' })
    const address = cameraPath(this.camera, `recording.m3u8${under(this.purpose, { from: new Date(window.from).toISOString(), to: new Date(window.to).toISOString() })}`)
    this.open(address, wall, abort).then(
      () => {
        if (this.loading === abort) this.loading = null
      },
      (cause: unknown) => {
        if (abort.signal.aborted || this.closed) return
        this.loading = null
        this.drop()
        const status = cause instanceof Refused ? cause.problem.status : 0
        if (cause instanceof Refused && (status === 401 || status === 403)) return this.put({ kind: 'refused', problem: cause.problem })
        // Nothing was recorded in all of it.
        if (status === 404) return this.put({ kind: 'hole' })
        this.failedAt = this.now()
        this.put({ kind: 'failed' })
      },
    )
  }

  private async open(address: string, wall: number, abort: AbortController): Promise<void> {
    const { text } = await requestAs('GET', address, { signal: abort.signal }, 'application/vnd.apple.mpegurl', (answer) => answer.text())
    const Player = await hlsPlayer()
    if (abort.signal.aborted || this.closed) return
    this.drop()
    this.map = stretches(text)
    const start = mediaAt(this.map, wall) ?? 0
    if (!Player) {
      this.video.src = address
      this.video.currentTime = start
      return
    }
    const hls = new Player({ ...hlsSettings, startPosition: start })
    hls.on(Player.Events.ERROR, (_event, told) => {
      if (!told.fatal || this.hls !== hls) return
      if (told.type === Player.ErrorTypes.MEDIA_ERROR) return hls.recoverMediaError()
      this.failedAt = this.now()
      this.drop()
      this.put({ kind: 'failed' })
    })
    this.hls = hls
    hls.loadSource(address)
    hls.attachMedia(this.video)
  }

  private put(state: PlayState): void {
    if (state.kind === this.state.kind && state.kind !== 'refused') return
    this.state = state
    if (!this.closed) this.told(state)
  }

  private drop(): void {
    this.hls?.destroy()
    this.hls = null
    this.map = []
    empty(this.video)
  }

  close(): void {
    this.closed = true
    this.loading?.abort()
    this.drop()
  }
}
