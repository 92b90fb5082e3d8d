import { NoAnswer, Refused, newKey } from '../api/http'
import { textNow } from '../i18n'
import { dropToast, showToast } from './toasts'

/** Others changed the same thing first; says what, and trying again applies one's own after all. */
export class ChangedMeanwhile extends Error {}

export type Action<T> = {
  /** What was done, told once it is true: "E12 assigned to I-12". */
  done: string
  /** What could not be done: "E12 was not assigned". */
  failed: string
  /** Sends it; the key stays the same over all tries, so that it is done once however often it is sent. */
  send: (key: string) => Promise<T>
  /** Shows it at once; returns the way back. */
  apply?: () => () => void
  settled?: (answer: T) => void
  /** Offered for 8 s after it was done. */
  undo?: () => void
  quiet?: boolean
}

const undoMs = 8_000

/** Does what a person asked: shown at once, told honestly. Resolves to whether it was done; a failure offers another try. */
export async function perform<T>(action: Action<T>, key: string = newKey()): Promise<boolean> {
  const t = textNow()
  const back = action.apply?.()
  const slow = setTimeout(() => {
    waiting = showToast({ tone: 'busy', text: t('actions.waiting'), actions: [] }, null)
  }, 1_500)
  let waiting: number | null = null
  try {
    const answer = await action.send(key)
    action.settled?.(answer)
    if (action.undo) {
      showToast({ tone: 'done', text: action.done, actions: [{ label: t('actions.undo'), run: action.undo, command: 'undo' }] }, undoMs)
    } else if (!action.quiet) {
      showToast({ tone: 'done', text: action.done, actions: [] }, 3_000)
    }
    return true
  } catch (failure) {
    back?.()
    showFailure(action.failed, failure, () => void perform(action, key))
    return false
  } finally {
    clearTimeout(slow)
    if (waiting !== null) dropToast(waiting)
  }
}

function showFailure(text: string, failure: unknown, again: () => void): void {
  const t = textNow()
  const actions = [{ label: t('actions.retry'), run: again }]
  if (failure instanceof ChangedMeanwhile) {
    showToast({ tone: 'failed', text, detail: t('actions.changedMeanwhile', { changes: failure.message }), actions: [{ label: t('actions.applyAnyway'), run: again }] }, null)
  } else if (failure instanceof Refused) {
    const { title, detail, remedy } = failure.problem
    showToast({ tone: 'failed', text, detail: detail ?? title, remedy, actions }, null)
  } else if (failure instanceof NoAnswer) {
    showToast({ tone: 'failed', text, detail: t('actions.noAnswer'), remedy: t('actions.noAnswerRemedy'), actions }, null)
  } else {
    showToast({ tone: 'failed', text, detail: String(failure), actions }, null)
  }
}
