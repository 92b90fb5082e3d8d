import { useSyncExternalStore } from 'react'
import type { KeyMap } from './keys'

export const languages = ['en', 'fr', 'es', 'zh', 'ar'] as const
export type Language = (typeof languages)[number]
export type Theme = 'dark' | 'light' | 'contrast'
export type Density = 'compact' | 'normal' | 'roomy'

/** What a person sets for this browser; kept locally, as it says nothing about anybody. */
export type Preferences = { theme: Theme; density: Density; language: Language; singleKeys: boolean; keys: KeyMap; panes: Record<string, Panes> }
/** Widths in px that a person gave to the panes; what is absent is as wide as it comes. */
export type Panes = { list?: number; side?: number }

const place = 'conurb.preferences'

function browserLanguage(): Language {
  const wished = typeof navigator === 'undefined' ? [] : navigator.languages
  for (const tag of wished) {
    const found = languages.find((language) => tag.toLowerCase().split('-')[0] === language)
    if (found) return found
  }
  return 'en'
}

function stored(): Preferences {
  const standard: Preferences = { theme: 'dark', density: 'normal', language: browserLanguage(), singleKeys: true, keys: {}, panes: {} }
  try {
    return { ...standard, ...(JSON.parse(localStorage.getItem(place) ?? '{}') as Partial<Preferences>) }
  } catch {
    return standard
  }
}

let preferences = stored()
const listeners = new Set<() => void>()

export function presentPreferences(): Preferences {
  return preferences
}

export function prefer(change: Partial<Preferences>): void {
  preferences = { ...preferences, ...change }
  try {
    localStorage.setItem(place, JSON.stringify(preferences))
  } catch {
    // A browser that keeps nothing still shows the choice until it is closed.
  }
  for (const listener of listeners) listener()
}

export function onPreferences(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(onPreferences, presentPreferences)
}
