/// <reference lib="webworker" />
import { browserDeps, type LiveMessage, Stream } from './stream'

/** What a tab says to the worker. A tab that signs in as somebody else restarts the stream for all tabs. */
export type TabMessage = { kind: 'start'; who: string } | { kind: 'retry' } | { kind: 'bye' } | { kind: 'stop' }

const scope = self as unknown as SharedWorkerGlobalScope
const tabs = new Set<MessagePort>()
let stream: Stream | null = null
let who = ''
let lastStanding: LiveMessage | null = null

function tellAll(message: LiveMessage): void {
  if (message.kind === 'hello' || message.kind === 'beat' || message.kind === 'broken') lastStanding = message
  for (const tab of tabs) tab.postMessage(message)
  if (message.kind === 'refused') stop()
}

function stop(): void {
  stream?.close()
  stream = null
  who = ''
  lastStanding = null
}

function start(asked: string): void {
  if (stream !== null && asked === who) return
  stop()
  who = asked
  stream = new Stream('/api/events', browserDeps, tellAll)
  stream.open()
}

function heard(tab: MessagePort, message: TabMessage): void {
  switch (message.kind) {
    case 'start': {
      tabs.add(tab)
      const joined = stream !== null && message.who === who ? lastStanding : null
      start(message.who)
      if (joined !== null) tab.postMessage(joined.kind === 'beat' ? { kind: 'hello', at: joined.at, resumed: false } : joined)
      return
    }
    case 'retry':
      return stream?.retryNow()
    case 'stop':
      return stop()
    case 'bye':
      tabs.delete(tab)
      if (tabs.size === 0) stop()
      return
    default:
      message satisfies never
  }
}

scope.onconnect = (event) => {
  const tab = event.ports[0]
  if (tab === undefined) return
  tab.onmessage = (said: MessageEvent<TabMessage>) => heard(tab, said.data)
}
