/**
 * The talk button as a state machine: what holding and letting go mean, whatever holds (key, pointer, gamepad, pedal).
 * The one rule that must never break: the microphone is open in `talking` only, and `talking` is entered only by a grant
 * that came while the button was held (or within the ten seconds of an emergency).
 */
export type Press =
  | { phase: 'up' }
  | { phase: 'asking'; group: string; hands: Hands }
  | { phase: 'talking'; group: string; hands: Hands; until: number | null }
  /** Held on after the floor was refused or taken away: must be let go first. */
  | { phase: 'spent'; group: string }
/** `held`: as long as it is held. `tapped`: until the next tap. `emergency`: ten seconds by itself. `call`: a call without floor, as on a phone. */
export type Hands = 'held' | 'tapped' | 'emergency' | 'call'

export type PressEvent =
  | { kind: 'down'; group: string; tap: boolean }
  | { kind: 'up' }
  | { kind: 'emergency'; group: string }
  | { kind: 'granted' | 'denied' | 'revoked' | 'ended'; group: string; now: number }
  /** A call without floor is under way: there is nobody to ask. */
  | { kind: 'call'; group: string }
  | { kind: 'tick'; now: number }
  /** The window lost the focus. */
  | { kind: 'blur' }
  /** Hidden, or the line is lost, or the radio is switched off. */
  | { kind: 'stop' }

export type Deed = { kind: 'request' | 'release'; group: string } | { kind: 'microphone'; open: boolean }

export const emergencyTalkMs = 10_000

/** When the microphone shuts by itself in this group; null where only the floor or the hand ends it. */
export function shutsAt(press: Press, group: string): number | null {
  return press.phase === 'talking' && press.group === group ? press.until : null
}
const up: Press = { phase: 'up' }

export function nextPress(press: Press, event: PressEvent): { press: Press; deeds: Deed[] } {
  switch (event.kind) {
    case 'down':
      return down(press, event.group, event.tap)
    case 'up':
      if (press.phase === 'spent') return { press: up, deeds: [] }
      // A tap, or the ten seconds of an emergency, go on without a hand.
      return press.phase === 'up' || press.hands !== 'held' ? { press, deeds: [] } : stopped(press)
    case 'emergency':
      // The emergency itself asks for the floor: what was held before goes on as that.
      return press.phase !== 'up' && press.phase !== 'spent' && press.group !== event.group
        ? { press: { phase: 'asking', group: event.group, hands: 'emergency' }, deeds: [{ kind: 'microphone', open: false }, { kind: 'release', group: press.group }] }
        : { press: press.phase === 'talking' ? { ...press, hands: 'emergency' } : { phase: 'asking', group: event.group, hands: 'emergency' }, deeds: [] }
    case 'call': {
      const before = press.phase === 'talking' && press.hands === 'call' ? [] : stopped(press).deeds
      return { press: { phase: 'talking', group: event.group, hands: 'call', until: null }, deeds: [...before, { kind: 'microphone', open: true }] }
    }
    case 'granted':
      if (press.phase === 'asking' && press.group === event.group) {
        const until = press.hands === 'emergency' ? event.now + emergencyTalkMs : null
        return { press: { phase: 'talking', group: press.group, hands: press.hands, until }, deeds: [{ kind: 'microphone', open: true }] }
      }
      if (press.phase === 'talking' && press.group === event.group) return { press: press.hands === 'emergency' && press.until === null ? { ...press, until: event.now + emergencyTalkMs } : press, deeds: [] }
      if (press.phase === 'talking' && press.hands === 'call') return { press, deeds: [] }
      // Granted too late: nobody holds the button any more, so nobody may be heard.
      return { press, deeds: [{ kind: 'release', group: event.group }] }
    case 'denied':
    case 'revoked':
    case 'ended': {
      if (press.phase === 'up' || press.phase === 'spent' || press.group !== event.group) return { press, deeds: [] }
      const spent: Press = press.hands === 'held' ? { phase: 'spent', group: press.group } : up
      const close: Deed[] = press.phase === 'talking' ? [{ kind: 'microphone', open: false }] : []
      return { press: spent, deeds: event.kind === 'revoked' ? [...close, { kind: 'release', group: event.group }] : close }
    }
    case 'tick':
      return press.phase === 'talking' && press.until !== null && event.now >= press.until ? stopped(press) : { press, deeds: [] }
    case 'blur':
      // Who calls for help may have pressed in a hurry: the ten seconds outlast a lost focus, as a phone call does; nothing else.
      if ((press.phase === 'asking' || press.phase === 'talking') && (press.hands === 'emergency' || press.hands === 'call')) return { press, deeds: [] }
      return press.phase === 'up' ? { press, deeds: [] } : stopped(press)
    case 'stop':
      return press.phase === 'up' ? { press, deeds: [] } : stopped(press)
    default:
      return event satisfies never
  }
}

function down(press: Press, group: string, tap: boolean): { press: Press; deeds: Deed[] } {
  switch (press.phase) {
    case 'up':
      return { press: { phase: 'asking', group, hands: tap ? 'tapped' : 'held' }, deeds: [{ kind: 'request', group }] }
    case 'asking':
    case 'talking':
      if (press.hands === 'tapped' || press.hands === 'call') return stopped(press)
      // Whoever takes hold during the ten seconds talks on for as long as it is held.
      return { press: press.phase === 'talking' ? { ...press, hands: 'held', until: null } : { ...press, hands: 'held' }, deeds: [] }
    case 'spent':
      return { press, deeds: [] }
    default:
      return press satisfies never
  }
}

function stopped(press: Press): { press: Press; deeds: Deed[] } {
  if (press.phase === 'up' || press.phase === 'spent') return { press: up, deeds: [] }
  const close: Deed[] = press.phase === 'talking' ? [{ kind: 'microphone', open: false }] : []
  return { press: up, deeds: press.hands === 'call' ? close : [...close, { kind: 'release', group: press.group }] }
}
