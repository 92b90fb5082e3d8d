/** One camera that follows the common clock. */
export type Follower = {
  follow: (wall: number, playing: boolean, rate: number) => void
  /** Whether it shows the moment asked for, or never will; the clock waits for those that are still loading. */
  ready: () => boolean
}
export type Playing = { live: true } | { live: false; wall: number; playing: boolean; rate: number }

const waitsMostMs = 4_000
/** What was filmed a moment ago is on disk only after its fragment is closed. */
const behindMs = 4_000

/** The one clock of all cameras shown: live, or a moment of the past that stands or runs. */
export class PlayClock {
  private state: Playing = { live: true }
  private readonly followers = new Set<Follower>()
  private readonly listeners = new Set<() => void>()
  private timer: ReturnType<typeof setInterval> | undefined
  private at = 0
  private waiting = 0

  /** @param now the city's time in ms */
  constructor(private readonly now: () => number) {}

  get = (): Playing => this.state

  listen = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  join(follower: Follower): () => void {
    this.followers.add(follower)
    if (!this.state.live) follower.follow(this.state.wall, this.state.playing, this.state.rate)
    return () => this.followers.delete(follower)
  }

  goLive(): void {
    this.put({ live: true })
  }

  /** To a moment; going there from live begins to run unless told otherwise. */
  seek(wall: number, playing = this.state.live ? true : this.state.playing): void {
    const rate = this.state.live ? 1 : this.state.rate
    this.waiting = 0
    this.put({ live: false, wall: Math.min(wall, this.now() - behindMs), playing, rate })
  }

  step(by: number): void {
    this.seek((this.state.live ? this.now() : this.state.wall) + by, this.state.live ? false : this.state.playing)
  }

  toggle(): void {
    if (this.state.live) this.seek(this.now() - behindMs, false)
    else this.put({ ...this.state, playing: !this.state.playing })
  }

  setRate(rate: number): void {
    if (!this.state.live) this.put({ ...this.state, rate })
  }

  /** The moment shown. */
  wall(): number {
    return this.state.live ? this.now() : this.state.wall
  }

  private put(next: Playing): void {
    this.state = next
    clearInterval(this.timer)
    if (!next.live) {
      this.at = this.now()
      this.timer = setInterval(() => this.tick(), 100)
      this.tell(next)
    }
    for (const listener of this.listeners) listener()
  }

  tick(): void {
    const state = this.state
    if (state.live) return
    const now = this.now()
    const passed = now - this.at
    this.at = now
    if (!state.playing) return this.tell(state)
    const ready = [...this.followers].every((one) => one.ready())
    this.waiting = ready ? 0 : this.waiting + passed
    if (!ready && this.waiting < waitsMostMs) return this.tell(state)
    const wall = Math.min(state.wall + passed * state.rate, now - behindMs)
    this.state = { ...state, wall }
    this.tell(this.state)
    for (const listener of this.listeners) listener()
  }

  private tell(state: Extract<Playing, { live: false }>): void {
    for (const one of this.followers) one.follow(state.wall, state.playing, state.rate)
  }
}
