export { clashes, type CommandId, commandIds, type KeyMap, keyName, keysOf, keyTable, mayHave } from './keys'
export { type Density, type Language, languages, onPreferences, type Panes, prefer, type Preferences, presentPreferences, type Theme, usePreferences } from './preferences'
export { listenForKeys, onRefusedCommand, runCommand, useCommand, useHeldCommand, useOffered } from './registry'
