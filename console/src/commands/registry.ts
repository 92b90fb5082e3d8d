import { useEffect, useEffectEvent, useSyncExternalStore } from 'react'
import { type CommandId, commandFor, keyName } from './keys'
import { presentPreferences } from './preferences'

type Entry = { run: () => void; enabled: boolean; reason: string | null }
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

function current(id: CommandId): Entry | undefined {
  return offered.get(id)?.findLast((entry) => entry.enabled)
}

export function runCommand(id: CommandId): boolean {
  const entry = current(id)
  if (entry?.reason) refused(entry.reason)
  else entry?.run()
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
  addEventListener('keydown', pressed)
  return () => removeEventListener('keydown', pressed)
}
