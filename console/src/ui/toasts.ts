import { useSyncExternalStore } from 'react'

export type ToastAction = { label: string; run: () => void; command?: 'undo' }
export type Toast = {
  id: number
  tone: 'done' | 'busy' | 'failed'
  text: string
  detail?: string | undefined
  remedy?: string | undefined
  actions: ToastAction[]
  /** When it goes by itself; null: when a person lets it go. */
  until: number | null
}

const most = 4
let toasts: Toast[] = []
let last = 0
const listeners = new Set<() => void>()

function put(next: Toast[]): void {
  toasts = next
  for (const listener of listeners) listener()
}

export function showToast(toast: Omit<Toast, 'id' | 'until'>, forMs: number | null): number {
  const id = ++last
  const kept = [...toasts, { ...toast, id, until: forMs === null ? null : Date.now() + forMs }]
  // Failures stay until someone has seen them; of the others the oldest gives way.
  while (kept.length > most) {
    const gives = kept.findIndex((one) => one.tone !== 'failed')
    kept.splice(gives < 0 ? 0 : gives, 1)
  }
  put(kept)
  if (forMs !== null) setTimeout(() => dropToast(id), forMs)
  return id
}

/** Why a command was not run; the same words are not stacked. */
export function tellRefusal(reason: string): void {
  if (!toasts.some((one) => one.text === reason)) showToast({ tone: 'busy', text: reason, actions: [] }, 5_000)
}

export function dropToast(id: number): void {
  if (toasts.some((one) => one.id === id)) put(toasts.filter((one) => one.id !== id))
}

/** Runs the newest undo that is still offered. */
export function undoLast(): boolean {
  const toast = toasts.findLast((one) => one.actions.some((action) => action.command === 'undo'))
  toast?.actions.find((action) => action.command === 'undo')?.run()
  return toast !== undefined
}

export function useToasts(): Toast[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => toasts,
  )
}
