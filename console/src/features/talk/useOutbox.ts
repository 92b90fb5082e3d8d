import { useEffect, useSyncExternalStore } from 'react'
import { Refused, request, requestAs } from '../../api/http'
import { cityNow } from '../../live'
import type { Answer } from './link'
import { browserStore, Outbox, type Waiting } from './outbox'
import type { Say, TalkMessage } from './protocol'
import { radio, useRadio } from './radio'

/** By the door that needs no socket: a message may go out where the radio's own line does not stand. The id is the key, too. */
async function send(say: Say): Promise<Answer> {
  if (say.type !== 'message') return { ok: false, title: '' }
  const { type: _, ...message } = say
  try {
    const told = await request<TalkMessage | undefined>('POST', '/api/talk/messages', { body: { ...message, ...(radio.unit ? { unit: radio.unit } : {}) }, key: say.id })
    if (told?.state) radio.heardOf([told])
    return { ok: true, told: null }
  } catch (cause) {
    const problem = cause instanceof Refused ? cause.problem : null
    const final = problem && problem.status >= 400 && problem.status < 500 && ![401, 408, 429].includes(problem.status)
    return { ok: false, title: final ? (problem.detail ?? problem.title) : '' }
  }
}

export const outbox = new Outbox(browserStore(), {
  ask: send,
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
    const send = () => void outbox.send(person)
    send()
    const timer = setInterval(send, againMs)
    return () => clearInterval(timer)
  }, [line, person])
}
