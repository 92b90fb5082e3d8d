import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { requestAs } from '../../api/http'
import { useCity, useSignedIn } from '../../api/session'
import { useCommand } from '../../commands'
import { radio, useRadio } from './radio'
import { playSpurt } from './replay'
import { type Spurt, spurtsQuery } from './talk.queries'
import { underGrant } from './talkGrant'

const lateMs = 1_500

/** How to hear again what was said. */
export function usePlaySpurt(): (spurt: Pick<Spurt, 'id' | 'incident'>) => void {
  const city = useCity()
  const session = useSignedIn()
  return (spurt) =>
    void playSpurt(spurt.id, () =>
      underGrant(session, city, spurt.incident ?? null, async (grant) => {
        const address = `/api/talk/spurts/${encodeURIComponent(spurt.id)}/audio.ogg`
        return (await requestAs('GET', address, { grant, timeoutMs: 30_000 }, 'audio/ogg', (response) => response.blob())).text
      }),
    )
}

/** The last talk of the selected group on one key, wherever one is. */
export function useReplay(): { last: Spurt | undefined; playLast: () => void } {
  const { state } = useRadio()
  const client = useQueryClient()
  const group = state.groups.find((one) => one.id === state.selected)
  const spurts = useQuery({ ...spurtsQuery({ group: group?.id ?? '' }, 10), enabled: group?.recorded === true && state.line === 'open' })
  const playIt = usePlaySpurt()
  useEffect(
    () =>
      radio.onTold((told) => {
        // The record of a talk is written a moment after its end.
        if (told.type === 'transmission-end') setTimeout(() => void client.invalidateQueries({ queryKey: ['spurts'] }), lateMs)
      }),
    [client],
  )
  const last = spurts.data?.find((one) => one.recorded)
  const playLast = () => {
    if (last) playIt(last)
  }
  useCommand('replay', playLast, last !== undefined)
  return { last, playLast }
}
