import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { sessionQuery } from '../api/session'
import type { SignedIn } from '../api/types'
import { applyChange, reload } from './apply'
import { changeLog } from './changes'
import { type Connection, connect } from './connection'
import { nextLink, presentLink, putLink } from './link'
import type { LiveMessage } from './stream'

let connection: Connection | null = null

/** Asks for the line now rather than after the wait. */
export function retryLink(): void {
  connection?.retryNow()
}

/** Ends the stream of this browser when the person signs out. */
export function endLink(): void {
  connection?.signedOut()
}

/** Keeps the stream while a person is signed in. Shows nothing. */
export function LiveLink({ session }: { session: SignedIn }) {
  const client = useQueryClient()
  const who = `${session.person.id} ${session.organisation.id} ${session.seat?.id ?? ''}`
  useEffect(() => {
    const heard = (message: LiveMessage) => {
      const before = presentLink()
      putLink(nextLink(before, message, Date.now()))
      if (message.kind === 'change') {
        changeLog.add(message.change)
        applyChange(client, message.change)
      } else if (message.kind === 'reset' || (message.kind === 'hello' && !message.resumed)) {
        // What was asked before the stream stood may lack what happened in between.
        reload(client)
      } else if (message.kind === 'refused') {
        void client.invalidateQueries({ queryKey: sessionQuery.queryKey })
      }
    }
    const opened = connect(who, heard)
    connection = opened
    const online = () => opened.retryNow()
    addEventListener('online', online)
    return () => {
      removeEventListener('online', online)
      opened.close()
      connection = null
    }
  }, [client, who])
  return null
}
