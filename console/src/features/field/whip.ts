import { requestAs } from '../../api/http'

export const longestVideoMs = 120_000

/** One short video sent live to a camera of the city (WHIP, RFC 9725): published until {@link stop}. */
export class Whip {
  private readonly peer = new RTCPeerConnection()
  private resource: string | null = null

  constructor(
    private readonly stream: MediaStream,
    private readonly ended: () => void,
  ) {}

  async start(camera: string): Promise<void> {
    for (const track of this.stream.getTracks()) this.peer.addTransceiver(track, { direction: 'sendonly', streams: [this.stream] })
    this.peer.onconnectionstatechange = () => {
      if (this.peer.connectionState === 'failed' || this.peer.connectionState === 'closed') this.ended()
    }
    await this.peer.setLocalDescription()
    const { text, response } = await requestAs('POST', `/whip/cameras/${encodeURIComponent(camera)}`, { sent: { type: 'application/sdp', body: this.peer.localDescription?.sdp ?? '' } }, 'application/sdp', (answer) => answer.text())
    const location = response.headers.get('Location')
    this.resource = location ? new URL(location, response.url).pathname : null
    await this.peer.setRemoteDescription({ type: 'answer', sdp: text })
  }

  stop(): void {
    for (const track of this.stream.getTracks()) track.stop()
    this.peer.onconnectionstatechange = null
    if (this.resource) requestAs('DELETE', this.resource, { keepalive: true, timeoutMs: 2_000 }, '*/*', () => Promise.resolve()).catch(() => {}).finally(() => this.peer.close())
    else this.peer.close()
    this.resource = null
  }
}
