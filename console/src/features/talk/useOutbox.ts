import { useEffect, useSyncExternalStore } from 'react'
import { requestAs } from '../../api/http'
import { cityNow } from '../../live'
import { browserStore, Outbox, type Waiting } from './outbox'
import { radio, useRadio } from './radio'

export const outbox = new Outbox(browserStore(), {
  ask: (say) => radio.ask(say),
  upload: async (file, key) => {
    const address = `/api/talk/attachments?name=${encodeURIComponent(file.name)}`
    const { text } = await requestAs('POST', address, { sent: { type: file.type || 'application/octet-stream', body: file.blob }, key, timeoutMs: 120_000 }, 'application/json', (response) => response.json() as Promise<{ id: string }>)
    return text.id
  },
  newId: () => crypto.randomUUID(),
  now: cityNow,
  sent: (message) => {
    const me = radio.present().state.me
    radio.heardOf([{ ...message, from: me ?? message.from }])
  },
})
radio.onTold((told) => outbox.hear(told))

const againMs = 15_000

export function useOutbox(): readonly Waiting[] {
  return useSyncExternalStore(outbox.listen, outbox.present)
}

/** Sends what waits whenever the line stands. */
export function useSending(person: string): void {
  const { line } = useRadio().state
  useEffect(() => {
    if (line !== 'open') return
    const send = () => void outbox.send(person)
    send()
    const timer = setInterval(send, againMs)
    return () => clearInterval(timer)
  }, [line, person])
}
