import { useSyncExternalStore } from 'react'
import type { ExportPart } from './video.queries'

/** Spans that are to be exported, kept while the tab is open. */
let parts: readonly ExportPart[] = []
const listeners = new Set<() => void>()
export const mostParts = 32

function put(next: readonly ExportPart[]): void {
  parts = next
  for (const listener of listeners) listener()
}

/** Spans of one camera that touch become one; no more than the server takes. */
export function merged(held: readonly ExportPart[], added: readonly ExportPart[]): ExportPart[] {
  const all = [...held, ...added].sort((a, b) => a.camera.localeCompare(b.camera) || Date.parse(a.from) - Date.parse(b.from))
  const found: ExportPart[] = []
  for (const part of all) {
    const last = found.at(-1)
    if (last && last.camera === part.camera && Date.parse(part.from) <= Date.parse(last.to)) {
      if (Date.parse(part.to) > Date.parse(last.to)) found[found.length - 1] = { ...last, to: part.to }
    } else found.push(part)
  }
  return found.slice(0, mostParts)
}

export function addPart(added: readonly ExportPart[]): void {
  put(merged(parts, added))
}

export function dropPart(part: ExportPart): void {
  put(parts.filter((one) => one !== part))
}

export function emptyBasket(): void {
  put([])
}

export function useBasket(): readonly ExportPart[] {
  return useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, () => parts)
}
