import type { ReactNode } from 'react'
import { useQuery } from '@tanstack/react-query'
import { useCity } from '../../api/session'
import type { TimelineItem } from '../../api/types'
import { clock, dayAndClock, nameIn } from '../../format'
import { useText } from '../../i18n'
import { Failure, Skeleton } from '../../ui'
import { timelineQuery } from './incidents.queries'

/** Marks that other rooms have of the same incident. */
export type MoreMarks = { id: string; at: string; content: ReactNode }

/** Every mark of the incident, newest first, each with its source. A mark recorded later than it happened says so. */
export function Timeline({ incident, more = [] }: { incident: string; more?: readonly MoreMarks[] }) {
  const { t, language } = useText()
  const city = useCity()
  const timeline = useQuery(timelineQuery(incident))
  if (timeline.isPending) return <Skeleton rows={3} />
  if (timeline.isError && !timeline.data) return <Failure title={t('timeline.failed')} error={timeline.error} retry={() => void timeline.refetch()} />
  const items: readonly (TimelineItem | MoreMarks)[] = [...[...(timeline.data?.items ?? [])].reverse(), ...more].sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
  return (
    <ol className="timeline" aria-label={t('timeline.title')}>
      {items.map((item) => {
        if ('content' in item) return <li key={item.id}><time dateTime={item.at} title={dayAndClock(item.at, language, city.timeZone)}>{clock(item.at, language, city.timeZone)}</time><div>{item.content}</div></li>
        const late = Date.parse(item.recordedAt) - Date.parse(item.at) > 5_000
        return (
          <li key={item.id}>
            <time dateTime={item.at} title={dayAndClock(item.at, language, city.timeZone)}>{clock(item.at, language, city.timeZone)}</time>
            <div>
              <Mark item={item} />{' '}
              <small className={item.kind === 'note' ? 'is-below' : ''}>
                {[t(`timeline.source.${item.source}`), late ? t('timeline.recorded', { at: clock(item.recordedAt, language, city.timeZone) }) : null].filter(Boolean).join(' · ')}
                {item.by ? <> · <bdi>{item.by}</bdi></> : null}
              </small>
            </div>
          </li>
        )
      })}
    </ol>
  )
}

function Mark({ item }: { item: TimelineItem }) {
  const { t, language } = useText()
  const city = useCity()
  const fact = (name: string) => (typeof item.facts?.[name] === 'string' || typeof item.facts?.[name] === 'number' ? String(item.facts[name]) : '')
  const unit = fact('callSign') || fact('unit')
  const odd = oddities.filter((one) => fact('odd').split(/,\s*/).includes(one))
  const code = fact('code') || fact('status')
  const status = nameIn(city.unitStatuses.find((one) => one.code === code)?.name ?? code, language, city.languages)
  const type = nameIn(city.incidentTypes.find((one) => one.code === fact('type'))?.name, language, city.languages)
  const changed = Object.entries(item.facts ?? {})
    .map(([name, value]) => factText(name, value))
    .filter(Boolean)
  switch (item.kind) {
    case 'note':
      return item.text ? <span className="note" dir="auto">{item.text}</span> : <span className="muted">{t('timeline.withheld')}</span>
    case 'status':
      return <span><bdi className="call-sign">{unit}</bdi> {status || item.text}{odd.length > 0 ? <> · <span className="muted">{odd.map((one) => t(`timeline.odd.${one}`)).join(', ')}</span></> : null}</span>
    case 'assigned':
    case 'released':
      return <span><bdi className="call-sign">{unit}</bdi> {t(`timeline.kind.${item.kind}`)}</span>
    case 'changed':
      return <span>{t('timeline.kind.changed')}{changed.length > 0 ? <>: <bdi>{changed.join(', ')}</bdi></> : null}{item.text ? <> <bdi>{item.text}</bdi></> : null}</span>
    case 'opened':
    case 'closed':
    case 'reopened':
      return <span>{t(`timeline.kind.${item.kind}`)}{item.kind === 'opened' && type ? <> · <bdi>{type}</bdi></> : null}{item.text ? <> · <bdi>{item.text}</bdi></> : null}</span>
    default:
      return item.kind satisfies never
  }

  function factText(name: string, value: unknown): string {
    const told = String(value)
    switch (name) {
      case 'priority':
        return `${t('incident.priority')} ${told}`
      case 'type':
        return `${t('incident.type')} ${type || told}`
      case 'changed':
        return told.split(/,\s*/).map((part) => (isPart(part) ? t(`incident.${part}`) : part)).join(', ')
      default:
        return ''
    }
  }
}

/** What was odd about a status: told, never refused. */
const oddities = ['not-assigned', 'en-route-unsaid', 'went-back', 'late'] as const
const parts = ['place', 'description', 'caller', 'priority', 'type'] as const
const isPart = (name: string): name is (typeof parts)[number] => parts.some((one) => one === name)
