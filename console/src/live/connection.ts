import { browserDeps, type LiveMessage, Stream } from './stream'
import type { TabMessage } from './stream.worker'

/** The tab's end of the one stream of this browser: a SharedWorker holds it, or the tab itself where there is none. */
export type Connection = { retryNow: () => void; signedOut: () => void; close: () => void }

export function connect(who: string, heard: (message: LiveMessage) => void): Connection {
  if (typeof SharedWorker === 'undefined') return direct(heard)
  const worker = new SharedWorker(new URL('./stream.worker.ts', import.meta.url), { type: 'module', name: 'conurb-live' })
  const say = (message: TabMessage) => worker.port.postMessage(message)
  let fallback: Connection | null = null
  worker.onerror = () => {
    fallback ??= direct(heard)
  }
  worker.port.onmessage = (event: MessageEvent<LiveMessage>) => heard(event.data)
  say({ kind: 'start', who })
  const leave = () => say({ kind: 'bye' })
  const back = (event: PageTransitionEvent) => event.persisted && say({ kind: 'start', who })
  addEventListener('pagehide', leave)
  addEventListener('pageshow', back)
  return {
    retryNow: () => (fallback ? fallback.retryNow() : say({ kind: 'retry' })),
    signedOut: () => say({ kind: 'stop' }),
    close: () => {
      removeEventListener('pagehide', leave)
      removeEventListener('pageshow', back)
      leave()
      worker.port.close()
      fallback?.close()
    },
  }
}

function direct(heard: (message: LiveMessage) => void): Connection {
  const stream = new Stream('/api/events', browserDeps, heard)
  stream.open()
  return { retryNow: () => stream.retryNow(), signedOut: () => stream.close(), close: () => stream.close() }
}
