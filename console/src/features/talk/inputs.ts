import { useEffect, useEffectEvent } from 'react'
import { radio } from './radio'
import { useTalkPreferences } from './talkPreferences'

type Pads = readonly ({ connected: boolean; buttons: readonly { pressed: boolean }[] } | null)[]

/** Whether the talk button of any gamepad is held: grips, pedals and desk microphones often show themselves as one. */
export function isPadHeld(pads: Pads, button: number): boolean {
  return pads.some((pad) => pad?.connected === true && pad.buttons[button]?.pressed === true)
}

const lookMs = 25

/** Gamepads tell nothing by themselves: they are looked at while there is one. */
export function useGamepad(down: () => void, up: () => void): void {
  const { gamepadButton } = useTalkPreferences()
  const pressed = useEffectEvent(down)
  const released = useEffectEvent(up)
  useEffect(() => {
    let timer: ReturnType<typeof setInterval> | undefined
    let held = false
    const put = (now: boolean) => {
      if (now === held) return
      held = now
      if (now) pressed()
      else released()
    }
    const look = () => put(document.hasFocus() && isPadHeld(navigator.getGamepads(), gamepadButton))
    const check = () => {
      const any = navigator.getGamepads().some((pad) => pad?.connected)
      if (any && timer === undefined) timer = setInterval(look, lookMs)
      if (any || timer === undefined) return
      clearInterval(timer)
      timer = undefined
      put(false)
    }
    if (!('getGamepads' in navigator)) return
    check()
    addEventListener('gamepadconnected', check)
    addEventListener('gamepaddisconnected', check)
    return () => {
      removeEventListener('gamepadconnected', check)
      removeEventListener('gamepaddisconnected', check)
      clearInterval(timer)
      put(false)
    }
  }, [gamepadButton])
}

const headsetActions = ['togglemicrophone', 'play', 'pause'] as const

/** The button of a headset, where the browser passes it on: it knows no holding, so it taps. */
export function useHeadset(on: boolean): void {
  useEffect(() => {
    if (!on || !('mediaSession' in navigator)) return
    const tap = () => {
      const { phase } = radio.present().press
      if (phase === 'asking' || phase === 'talking') radio.stop()
      else radio.down(true)
    }
    for (const action of headsetActions) {
      try {
        navigator.mediaSession.setActionHandler(action as MediaSessionAction, tap)
      } catch {
        // A browser that does not know this key.
      }
    }
    return () => {
      for (const action of headsetActions) {
        try {
          navigator.mediaSession.setActionHandler(action as MediaSessionAction, null)
        } catch {
          // As above.
        }
      }
    }
  }, [on])
}
