import { useCommand, useHeldCommand } from '../../commands'
import { beginEmergency, cancelEmergency } from './emergencyHold'
import { useGamepad, useHeadset } from './inputs'
import { enableRadio, radio, useRadio } from './radio'
import { groupSetting, preferGroup, useTalkPreferences } from './talkPreferences'

/** Everything that can be held or pressed for the radio, by the same commands, on every screen. */
export function useTalkInputs(): void {
  const { on, state } = useRadio()
  const { tap } = useTalkPreferences()
  const down = () => {
    // The first press is the gesture that browsers ask for before they give the microphone.
    if (radio.hindrance === 'off') void enableRadio()
    else radio.down(tap)
  }
  useHeldCommand('talk', down, () => radio.up())
  useHeldCommand('emergency', beginEmergency, cancelEmergency)
  useGamepad(down, () => radio.up())
  useHeadset(on)
  const joined = state.groups.filter((one) => one.affiliated)
  useCommand('nextGroup', () => {
    const next = joined[(joined.findIndex((one) => one.id === state.selected) + 1) % joined.length]
    if (next) radio.select(next.id)
  }, joined.length > 1)
  useCommand('muteGroup', () => {
    if (state.selected) preferGroup(state.selected, { muted: !groupSetting(state.selected).muted })
  }, state.selected !== null)
}
