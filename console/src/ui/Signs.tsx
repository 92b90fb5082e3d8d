import type { Severity, UnitState, WarningSeverity } from '../api/types'
import { useText } from '../i18n'

/** Severity is told three ways: shape, colour and word. */
export const severityShapes: Record<Severity, string> = {
  1: 'M7 0l7 7-7 7-7-7z',
  2: 'M7 .5l7 13H0z',
  3: 'M1 1h12v12H1z',
  4: 'M7 1a6 6 0 1 0 0 12A6 6 0 0 0 7 1',
}

export function SeveritySign({ level, word = false, name }: { level: Severity; word?: boolean; name?: string }) {
  const { t } = useText()
  const said = name || t(`severity.${level}`)
  return (
    <span className={`severity sev-${level}`}>
      <svg viewBox="0 0 14 14" role={word ? undefined : 'img'} aria-label={word ? undefined : said} aria-hidden={word || undefined}>
        <path d={severityShapes[level]} />
      </svg>
      {word ? <span>{said}</span> : null}
    </span>
  )
}

export const warningLevels: Record<WarningSeverity, Severity> = { Extreme: 1, Severe: 2, Moderate: 3, Minor: 4, Unknown: 4 }

export const stateTokens: Record<UnitState, string> = {
  AVAILABLE: 'state-available',
  ASSIGNED: 'state-assigned',
  EN_ROUTE: 'state-en-route',
  ON_SCENE: 'state-on-scene',
  TRANSPORTING: 'state-transporting',
  OUT_OF_SERVICE: 'state-out-of-service',
  EMERGENCY: 'state-emergency',
}

/** A unit's state: filled when busy, a ring when free, crossed when out of service; the word stands beside it. */
export function StateSign({ state }: { state: UnitState }) {
  return (
    <svg className={`state ${stateTokens[state]}`} viewBox="0 0 14 14" aria-hidden="true">
      {state === 'AVAILABLE' ? <circle cx="7" cy="7" r="4.5" className="ring" /> : null}
      {state === 'OUT_OF_SERVICE' ? <path d="M3 3l8 8M11 3l-8 8" className="ring" /> : null}
      {state === 'EMERGENCY' ? <path d="M7 0l7 7-7 7-7-7z" /> : null}
      {state !== 'AVAILABLE' && state !== 'OUT_OF_SERVICE' && state !== 'EMERGENCY' ? <circle cx="7" cy="7" r="5.5" /> : null}
    </svg>
  )
}
