import { type CommandId, keysOf, usePreferences } from '../commands'
import { isSingle } from '../commands/keys'

/** The keys of a command, as they are set now. Hidden from readers: the key sheet tells them in words. */
export function Keys({ command }: { command: CommandId }) {
  const { keys, singleKeys } = usePreferences()
  const first = keysOf(command, keys).find((one) => singleKeys || !isSingle(one))
  if (!first) return null
  return <kbd className="keys" aria-hidden="true" dir="ltr">{shown(first)}</kbd>
}

export function shown(keys: string): string {
  return keys.replace('Ctrl+', /Mac/.test(navigator.platform) ? '⌘' : 'Ctrl ').replace('Shift+', '⇧ ').replace('Escape', 'Esc')
}
