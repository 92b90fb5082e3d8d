import type { Change } from '../api/types'

const kept = 2_000

/**
 * The last changes heard, so that a list fetched while changes arrive loses none: what was heard since the question was
 * asked is applied to the answer again. Applying twice does no harm, see patch.ts.
 */
export class ChangeLog {
  private readonly changes: Change[] = []
  private dropped = 0

  add(change: Change): void {
    this.changes.push(change)
    if (this.changes.length > kept) {
      this.changes.shift()
      this.dropped += 1
    }
  }

  mark(): number {
    return this.dropped + this.changes.length
  }

  since(mark: number): Change[] {
    return this.changes.slice(Math.max(0, mark - this.dropped))
  }
}

export const changeLog = new ChangeLog()

/** Fetches a list and applies what was heard meanwhile. */
export async function fetchedWithChanges<T>(type: string, fetch: () => Promise<T>, patch: (answer: T, change: Change) => T): Promise<T> {
  const mark = changeLog.mark()
  const answer = await fetch()
  return changeLog.since(mark).filter((change) => change.type === type).reduce(patch, answer)
}
