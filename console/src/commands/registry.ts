import { useEffect, useEffectEvent, useSyncExternalStore } from 'react'
import { type CommandId, commandFor, isHeldCommand, isSingle, keyName } from './keys'
import { presentPreferences } from './preferences'

/** `up` is there for what lasts as long as its key is held; `run` is then the pressing down. */
type Entry = { run: () => void; up?: () => void; enabled: boolean; reason: string | null }
const offered = new Map<CommandId, Entry[]>()
const listeners = new Set<() => void>()
let version = 0
let refused: (reason: string) => void = () => {}

/** Who tells people why a command was not run. */
export function onRefusedCommand(tell: (reason: string) => void): void {
  refused = tell
}

function changed(): void {
  version += 1
  for (const listener of listeners) listener()
}

/**
 * Offers a command while the part is shown. The part shown last wins, and `back` falls through those that are disabled.
 * With a reason the command is shown but not run, and whoever asks for it is told why.
 */
export function useCommand(id: CommandId, run: () => void, enabled = true, reason: string | null = null): void {
  const latest = useEffectEvent(run)
  useEffect(() => {
    const entry: Entry = { run: () => latest(), enabled, reason }
    offered.set(id, [...(offered.get(id) ?? []), entry])
    changed()
    return () => {
      offered.set(id, (offered.get(id) ?? []).filter((one) => one !== entry))
      changed()
    }
  }, [id, enabled, reason])
}

/**
 * Offers a command that lasts as long as its key is held: `down` once when it goes down, `up` once when it comes up, or
 * when the window loses the focus, or when what offers it goes. It is heard while one types and over dialogs, too.
 */
export function useHeldCommand(id: CommandId, down: () => void, up: () => void): void {
  const pressed = useEffectEvent(down)
  const released = useEffectEvent(up)
  useEffect(() => {
    const entry: Entry = { run: () => pressed(), up: () => released(), enabled: true, reason: null }
    offered.set(id, [...(offered.get(id) ?? []), entry])
    changed()
    return () => {
      if (held?.entry === entry) letGo()
      offered.set(id, (offered.get(id) ?? []).filter((one) => one !== entry))
      changed()
    }
  }, [id])
}

/** The one held key. By its place on the board (`code`): with Shift or another layout the sign may have changed when it comes up. */
let held: { code: string; entry: Entry } | null = null

function letGo(): void {
  const one = held
  held = null
  one?.entry.up?.()
}

function current(id: CommandId): Entry | undefined {
  return offered.get(id)?.findLast((entry) => entry.enabled)
}

export function runCommand(id: CommandId): boolean {
  const entry = current(id)
  if (entry?.reason) refused(entry.reason)
  // From the palette there is no key to hold: what lasts would have no end.
  else if (entry?.up === undefined) entry?.run()
  return entry !== undefined
}

/** The commands that can be run now, and why others cannot: true, a reason, or false for what has no meaning here. */
export function useOffered(): (id: CommandId) => boolean | string {
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => version,
  )
  return (id) => current(id)?.reason ?? current(id) !== undefined
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}

/** Listens for keys on the whole page. Keys typed into a field, or while a dialog or menu is open, stay there. */
export function listenForKeys(): () => void {
  let pending: string | null = null
  let pendingUntil = 0
  const pressed = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || event.key === 'Dead') return
    if (/^(Control|Shift|Alt|Meta)$/.test(event.key)) return
    const name = keyName(event)
    if (hold(event, name)) return event.preventDefault()
    const typing = isTyping(event.target)
    // Keys that move the cursor or press what has the focus are not ours there.
    const chord = (name.startsWith('Ctrl+') && !name.includes('Arrow')) || /^(Shift\+)?F\d/.test(name) || name === 'Escape'
    if (typing && (!chord || name === 'Ctrl+Z')) return
    if (name === 'Space' && event.target instanceof Element && event.target.closest('button, a, summary, [role=option]')) return
    if (name !== 'Ctrl+K' && document.querySelector('[role=dialog],[role=menu]')) return
    const { keys, singleKeys } = presentPreferences()
    const meant = commandFor(name, Date.now() < pendingUntil ? pending : null, keys, singleKeys, (id) => current(id) !== undefined)
    pending = null
    if (meant === null) return
    if ('pending' in meant) {
      pending = meant.pending
      pendingUntil = Date.now() + 1500
    } else if (runCommand(meant.command)) {
      event.preventDefault()
    }
  }
  const released = (event: KeyboardEvent) => {
    if (held && placeOf(event) === held.code) letGo()
  }
  addEventListener('keydown', pressed)
  addEventListener('keyup', released)
  addEventListener('blur', letGo)
  return () => {
    removeEventListener('keydown', pressed)
    removeEventListener('keyup', released)
    removeEventListener('blur', letGo)
  }
}

/** Some pedals send keys that have no place. */
const placeOf = (event: KeyboardEvent) => event.code || event.key

/** Whether the key belongs to something that is held. */
function hold(event: KeyboardEvent, name: string): boolean {
  const { keys, singleKeys } = presentPreferences()
  if (held?.code === placeOf(event)) {
    // The same key with Ctrl and Shift put to it becomes another command; as a repetition it is none.
    if (event.repeat) return true
    letGo()
  }
  const meant = commandFor(name, null, keys, singleKeys, (id) => isHeldCommand(id) && current(id) !== undefined)
  if (meant === null || !('command' in meant)) return false
  // A letter that one types is a letter.
  if (isTyping(event.target) && isSingle(name)) return false
  if (event.repeat) return true
  const entry = current(meant.command)
  if (!entry) return false
  letGo()
  held = { code: placeOf(event), entry }
  entry.run()
  return true
}
