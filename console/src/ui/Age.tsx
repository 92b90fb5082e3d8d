import { age } from '../format'
import { useNow } from '../live'

/** How long ago, counting. Readers hear the moment, not the ticking. */
export function Age({ since, className = '' }: { since: string | number; className?: string }) {
  const now = useNow()
  const at = typeof since === 'number' ? since : Date.parse(since)
  return <time className={`age ${className}`} dateTime={new Date(at).toISOString()}>{age(now - at)}</time>
}
