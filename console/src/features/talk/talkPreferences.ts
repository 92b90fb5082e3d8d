import { useSyncExternalStore } from 'react'

/** What a person sets for the radio in this browser. */
export type GroupSetting = { volume: number; muted: boolean; priority: number }
export type TalkPreferences = {
  groups: Record<string, GroupSetting>
  tones: boolean
  /** Tap to talk, tap to stop: for people who cannot hold a key. */
  tap: boolean
  gamepadButton: number
  /** Whether the radio was on when the page was left: asked for again, as browsers need a gesture. */
  wasOn: boolean
}
export const standardGroup: GroupSetting = { volume: 1, muted: false, priority: 100 }

const place = 'conurb.talk'
const clientPlace = 'conurb.talk.client'
const keptGroups = 200

function stored(): TalkPreferences {
  const standard: TalkPreferences = { groups: {}, tones: true, tap: false, gamepadButton: 0, wasOn: false }
  try {
    return { ...standard, ...(JSON.parse(localStorage.getItem(place) ?? '{}') as Partial<TalkPreferences>) }
  } catch {
    return standard
  }
}

let preferences = stored()
const listeners = new Set<() => void>()

export function presentTalkPreferences(): TalkPreferences {
  return preferences
}

export function groupSetting(id: string): GroupSetting {
  return preferences.groups[id] ?? standardGroup
}

export function preferTalk(change: Partial<TalkPreferences>): void {
  preferences = { ...preferences, ...change }
  try {
    localStorage.setItem(place, JSON.stringify(preferences))
  } catch {
    // A browser that keeps nothing still does as told until it is closed.
  }
  for (const listener of listeners) listener()
}

export function preferGroup(id: string, change: Partial<GroupSetting>): void {
  const others = Object.entries(preferences.groups).filter(([key]) => key !== id).slice(-keptGroups)
  preferTalk({ groups: { ...Object.fromEntries(others), [id]: { ...groupSetting(id), ...change } } })
}

export function onTalkPreferences(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useTalkPreferences(): TalkPreferences {
  return useSyncExternalStore(onTalkPreferences, presentTalkPreferences)
}

/**
 * The id of this tab as a device: kept over reloads, so that the server knows it again; another tab is another device.
 */
export function clientId(): string {
  try {
    const kept = sessionStorage.getItem(clientPlace)
    if (kept) return kept
    return newClientId()
  } catch {
    return crypto.randomUUID()
  }
}

/** A tab that was duplicated has its twin's id: it takes one of its own. */
export function newClientId(): string {
  const made = crypto.randomUUID()
  try {
    sessionStorage.setItem(clientPlace, made)
  } catch {
    // Kept for as long as the page is.
  }
  return made
}
