export { clashes, type CommandId, commandIds, type KeyMap, keyName, keysOf, keyTable } from './keys'
export { type Density, type Language, languages, onPreferences, type Panes, prefer, type Preferences, presentPreferences, type Theme, usePreferences } from './preferences'
export { listenForKeys, onRefusedCommand, runCommand, useCommand, useOffered } from './registry'
