/** As much of a peer connection and of the microphone as is used, so that tests can be them. */
export type MediaDeps = {
  peer: () => RTCPeerConnection
  microphone: () => Promise<MediaStreamTrack>
  ear: () => HTMLAudioElement
  later: (work: () => void, ms: number) => () => void
}
/** Asks the server; resolves to its answer's SDP, or to why there is none. */
export type Offering = (sdp: string, restart: boolean) => Promise<{ sdp: string } | 'refused' | 'silent'>
export type MediaState = 'off' | 'connecting' | 'connected' | 'broken'

export const earCount = 4
const againMs = 1_500

/**
 * The one peer connection of this device: first the microphone, then {@link earCount} sections to hear in. It is made
 * once and lives on over changes of network and of the socket; talking and hearing never negotiate anything.
 */
export class TalkMedia {
  private connection: RTCPeerConnection | null = null
  private track: MediaStreamTrack | null = null
  private readonly ears: HTMLAudioElement[] = []
  private sender: RTCRtpSender | null = null
  private negotiating = false
  private again = false
  private offered = false
  private answered = false
  private cancelAgain: () => void = () => {}
  private talking = false
  private wanted = false

  constructor(
    private readonly deps: MediaDeps,
    private readonly offering: Offering,
    private readonly changed: (state: MediaState, microphone: boolean) => void,
    /** The microphone was unplugged or taken by the system. */
    private readonly muted: () => void,
  ) {}

  /**
   * Takes the microphone, once, and begins. Must come from a gesture of the person. Without a microphone one still
   * hears; `false` says so.
   */
  async start(): Promise<boolean> {
    if (!this.track || this.track.readyState === 'ended') {
      try {
        const track = await this.deps.microphone()
        track.enabled = this.talking
        track.onended = () => {
          this.track = null
          this.talking = false
          this.muted()
          this.tell()
        }
        this.track = track
        if (this.sender) await this.sender.replaceTrack(track)
      } catch {
        this.track = null
      }
    }
    this.wanted = true
    if (!this.connection) this.build()
    this.tell()
    return this.track !== null
  }

  /** Opens or shuts the microphone; at once, and never later than it returns. */
  open(open: boolean): void {
    this.talking = open && this.track !== null
    if (this.track) this.track.enabled = this.talking
  }

  get hasMicrophone(): boolean {
    return this.track !== null
  }

  get isOpen(): boolean {
    return this.track?.enabled ?? false
  }

  /** @param volume 0 to 1 */
  hear(ear: number, volume: number): void {
    const one = this.ears[ear]
    if (!one) return
    one.volume = Math.max(0, Math.min(1, volume))
    one.muted = volume <= 0
  }

  /** After the socket came (again): the server may know this connection still, or may have lost it with its memory. */
  offer(): void {
    if (this.negotiating) this.offered = true
    else if (this.connection) void this.negotiate(this.answered)
    else if (this.wanted) this.build()
  }

  /** The network changed: the same connection looks for a new path. */
  restart(): void {
    if (!this.connection || this.connection.signalingState === 'closed') return
    if (this.answered) this.connection.restartIce()
    void this.negotiate(this.answered)
  }

  close(): void {
    this.open(false)
    this.wanted = false
    this.cancelAgain()
    this.track?.stop()
    this.track = null
    this.leave()
    this.tell()
  }

  get stats(): Promise<RTCStatsReport> | null {
    return this.connection?.getStats() ?? null
  }

  private leave(): void {
    if (this.connection) {
      this.connection.ontrack = null
      this.connection.onconnectionstatechange = null
      this.connection.oniceconnectionstatechange = null
      this.connection.close()
    }
    this.connection = null
    this.sender = null
    this.answered = false
    for (const ear of this.ears.splice(0)) ear.srcObject = null
  }

  private build(): void {
    const connection = this.deps.peer()
    this.connection = connection
    const mouth = connection.addTransceiver(this.track ?? 'audio', { direction: 'sendonly' })
    this.sender = mouth.sender
    const sections = Array.from({ length: earCount }, () => connection.addTransceiver('audio', { direction: 'recvonly' }))
    for (const section of sections) {
      const ear = this.deps.ear()
      ear.autoplay = true
      ear.srcObject = new MediaStream([section.receiver.track])
      // Live means now: nothing is held back.
      if ('jitterBufferTarget' in section.receiver) section.receiver.jitterBufferTarget = 0
      ear.play().catch(() => {})
      this.ears.push(ear)
    }
    connection.onconnectionstatechange = () => this.tell()
    connection.oniceconnectionstatechange = () => {
      const state = connection.iceConnectionState
      if (state !== 'disconnected' && state !== 'failed') return
      this.open(false)
      this.muted()
      this.restart()
    }
    void this.negotiate(false)
  }

  /** One at a time; what is asked for meanwhile is done after. The server's candidates are known to it, so ours need not be gathered. */
  private async negotiate(restart: boolean): Promise<void> {
    const connection = this.connection
    if (!connection) return
    if (this.negotiating) {
      this.again = true
      return
    }
    this.negotiating = true
    this.cancelAgain()
    let agreed = false
    try {
      await connection.setLocalDescription()
      const answer = await this.offering(connection.localDescription?.sdp ?? '', restart)
      if (connection !== this.connection) return
      if (answer === 'silent') this.cancelAgain = this.deps.later(() => void this.negotiate(this.answered), againMs)
      else if (answer === 'refused') this.renew(restart ? 0 : againMs)
      else {
        await connection.setRemoteDescription({ type: 'answer', sdp: answer.sdp })
        this.answered = agreed = true
      }
    } catch {
      if (connection === this.connection) this.renew(againMs)
    } finally {
      this.negotiating = false
      this.tell()
    }
    const { again, offered } = this
    this.again = this.offered = false
    if (again) this.restart()
    // What was asked over the line that broke got no answer; what was answered meanwhile needs no second asking.
    else if (offered && !agreed) this.offer()
  }

  /** A connection that cannot be agreed on, or that the server has forgotten, is given up for a new one. */
  private renew(afterMs: number): void {
    this.leave()
    this.cancelAgain = this.deps.later(() => this.connection ?? this.build(), afterMs)
  }

  private tell(): void {
    const state = this.connection?.connectionState
    this.changed(state === undefined ? 'off' : state === 'connected' ? 'connected' : state === 'new' || state === 'connecting' ? 'connecting' : 'broken', this.track !== null)
  }
}

export const browserMedia: MediaDeps = {
  peer: () => new RTCPeerConnection({ bundlePolicy: 'max-bundle', rtcpMuxPolicy: 'require' }),
  microphone: async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 } })
    const track = stream.getAudioTracks()[0]
    if (!track) throw new Error('no microphone')
    return track
  },
  ear: () => new Audio(),
  later: (work, ms) => {
    const timer = setTimeout(work, ms)
    return () => clearTimeout(timer)
  },
}
