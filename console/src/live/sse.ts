/** One event of a Server-Sent-Events stream (WHATWG HTML §9.2.6). */
export type SseEvent = { event: string; data: string; id: string | null }

const longestEvent = 4_000_000

/** Cuts a text stream into events. An event larger than the bound ends the stream: nothing may fill the memory. */
export class SseParser {
  private rest = ''
  private event = ''
  private data: string[] = []
  private id: string | null = null

  feed(chunk: string): SseEvent[] {
    const events: SseEvent[] = []
    this.rest += chunk
    if (this.rest.length > longestEvent) throw new RangeError('event larger than the bound')
    const lines = this.rest.split(/\r\n|\n|\r(?!$)/)
    this.rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line === '') {
        if (this.data.length > 0) events.push({ event: this.event || 'message', data: this.data.join('\n'), id: this.id })
        this.event = ''
        this.data = []
        this.id = null
      } else {
        this.take(line)
      }
    }
    return events
  }

  private take(line: string): void {
    const colon = line.indexOf(':')
    if (colon === 0) return
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'event') this.event = value
    else if (field === 'data') this.data.push(value)
    else if (field === 'id' && !value.includes('\0')) this.id = value
  }
}
