import type { ReactNode } from 'react'
import { NoAnswer, Refused } from '../api/http'
import { useText } from '../i18n'
import { Icon, type IconName } from './Icon'

/** What stands where nothing else can: nothing there yet, or why it could not be had and what to do. */
export function Notice({ icon, title, children }: { icon: IconName; title: string; children?: ReactNode }) {
  return (
    <div className="notice" role="status">
      <Icon name={icon} />
      <strong>{title}</strong>
      {children ? <div className="notice-more">{children}</div> : null}
    </div>
  )
}

export function Failure({ title, error, retry }: { title: string; error: unknown; retry: () => void }) {
  const { t } = useText()
  const problem = error instanceof Refused ? error.problem : null
  const detail = problem ? (problem.detail ?? problem.title) : error instanceof NoAnswer ? t('actions.noAnswer') : String(error)
  return (
    <Notice icon="alert" title={title}>
      <p dir="auto">{detail}</p>
      {problem?.remedy ? <p className="remedy" dir="auto">{problem.remedy}</p> : null}
      <button type="button" className="button is-quiet" onClick={retry}>{t('actions.retry')}</button>
    </Notice>
  )
}

/** Grey rows in place of a list that is being fetched. */
export function Skeleton({ rows = 6 }: { rows?: number }) {
  const { t } = useText()
  return (
    <div className="skeleton" role="status" aria-label={t('states.loading')}>
      {Array.from({ length: rows }, (_, at) => <div key={at} className="skeleton-row"><i /><b /><u /></div>)}
    </div>
  )
}
