export { clashes, type CommandId, commandIds, type KeyMap, keyName, keysOf, keyTable } from './keys'
export { type Density, type Language, languages, onPreferences, prefer, type Preferences, presentPreferences, type Theme, usePreferences } from './preferences'
export { listenForKeys, runCommand, useCommand, useOffered } from './registry'
