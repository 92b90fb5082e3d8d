import { useEffect } from 'react'
import { browserSession, type Radio, TalkSession, useSession } from './session'
import { play, wakeSounds } from './sounds'
import { clientId, newClientId, groupSetting, onTalkPreferences, presentTalkPreferences, preferTalk } from './talkPreferences'

/** The radio of this tab. */
export const radio = new TalkSession(
  browserSession({
    client: clientId,
    newClient: newClientId,
    setting: groupSetting,
    // An alarm and a call are heard whatever a person thinks of tones.
    play: (sound) => {
      if (sound === 'alarm' || sound === 'ring' || presentTalkPreferences().tones) play(sound)
    },
  }),
)

export function useRadio(): Radio {
  return useSession(radio)
}

/** Switches the radio on; from a click or a key only, as browsers give the microphone and sound to no page by itself. */
export async function enableRadio(): Promise<boolean> {
  wakeSounds()
  const microphone = await radio.enable()
  preferTalk({ wasOn: true })
  return microphone
}

let users = 0
let lastWho = ''

/** Keeps the radio signed on while a person is. It goes on from screen to screen; another seat is another radio. */
export function useSignedOn(who: string, unit?: string): void {
  useEffect(() => {
    users += 1
    // Another person, organisation or seat is another radio.
    if (lastWho !== who) radio.close()
    lastWho = who
    radio.open(unit)
    const off = [
      onTalkPreferences(() => {
        radio.volumes()
        radio.scan()
      }),
      listenForNetwork(),
      listenForLeaving(),
      listenForWaking(),
    ]
    return () => {
      for (const each of off) each()
      users -= 1
      // StrictMode mounts twice: only who really leaves closes the line.
      setTimeout(() => users === 0 && radio.close())
    }
  }, [who, unit])
}

/** The microphone stops for whatever takes the page from sight or focus. */
function listenForLeaving(): () => void {
  const blur = () => radio.blur()
  const stop = () => radio.stop()
  const hidden = () => document.hidden && radio.stop()
  addEventListener('blur', blur)
  addEventListener('pagehide', stop)
  addEventListener('freeze', stop)
  document.addEventListener('visibilitychange', hidden)
  return () => {
    removeEventListener('blur', blur)
    removeEventListener('pagehide', stop)
    removeEventListener('freeze', stop)
    document.removeEventListener('visibilitychange', hidden)
  }
}

type Connection = EventTarget & { type?: string }

function listenForNetwork(): () => void {
  const changed = () => radio.networkChanged()
  const gone = () => radio.stop()
  const connection = (navigator as Navigator & { connection?: Connection }).connection
  // The estimate of the speed changes all the time; only another kind of network is another way.
  let kind = connection?.type
  const perhaps = () => {
    if (connection && connection.type !== kind) {
      kind = connection.type
      changed()
    }
  }
  addEventListener('online', changed)
  addEventListener('offline', gone)
  connection?.addEventListener('change', perhaps)
  return () => {
    removeEventListener('online', changed)
    removeEventListener('offline', gone)
    connection?.removeEventListener('change', perhaps)
  }
}

/** Any click or key wakes the sounds, so that an alarm is heard by who has touched the page at all. */
function listenForWaking(): () => void {
  const wake = () => wakeSounds()
  // Whoever has just signed in has touched it.
  if (navigator.userActivation?.hasBeenActive) wake()
  addEventListener('pointerdown', wake, { once: true })
  addEventListener('keydown', wake, { once: true })
  return () => {
    removeEventListener('pointerdown', wake)
    removeEventListener('keydown', wake)
  }
}
