import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useRef, useState } from 'react'
import { useRights } from '../../api/rights'
import { useCity } from '../../api/session'
import type { Incident } from '../../api/types'
import { useCommand } from '../../commands'
import { age, coordinates, inside, nameIn } from '../../format'
import { useText } from '../../i18n'
import { useNow } from '../../live'
import { Failure, Icon, Keys, List, type ListDoor, Notice, SeveritySign, Skeleton } from '../../ui'
import { byUrgency, matches, waiting } from './incident'
import { closedIncidentsQuery, openIncidentsQuery } from './incidents.queries'

type Props = { selected: string | null; onSelect: (incident: Incident) => void; onNew: () => void }

/** The queue: most urgent first, and what waits too long stands out. */
export function IncidentBoard({ selected, onSelect, onNew }: Props) {
  const { t, language } = useText()
  const city = useCity()
  const client = useQueryClient()
  const { changeIncidents, seeIncidents } = useRights()
  const reason = changeIncidents ? undefined : t('rights.noNew')
  const [closed, setClosed] = useState(false)
  const [filter, setFilter] = useState('')
  const open = useQuery(openIncidentsQuery(client))
  const past = useQuery({ ...closedIncidentsQuery, enabled: closed })
  const list = useRef<ListDoor>(null)
  const shown = closed ? past : open

  const places = useMemo(
    () => (incident: Incident) => {
      const place = incident.place
      if (!place) return t('incident.noPlace')
      const district = city.districts.find((one) => inside(place, one.area))
      return district ? nameIn(district.name, language, city.languages) : coordinates(place)
    },
    [city, language, t],
  )
  const typeName = (code: string) => nameIn(city.incidentTypes.find((one) => one.code === code)?.name ?? code, language, city.languages)
  const items = (shown.data ?? [])
    .filter((one) => matches(filter, [one.number, typeName(one.type), one.type, places(one), one.description, ...one.units.map((unit) => unit.callSign)]))
    .sort(closed ? (a, b) => Date.parse(b.closedAt ?? '') - Date.parse(a.closedAt ?? '') : byUrgency)
  const unassigned = (open.data ?? []).filter((one) => one.units.length === 0).length

  const step = (by: number) => {
    const at = items.findIndex((one) => one.id === selected)
    const next = items[at < 0 ? 0 : Math.max(0, Math.min(items.length - 1, at + by))]
    if (next) onSelect(next)
  }
  useCommand('incidents', () => list.current?.focus())
  useCommand('nextIncident', () => step(1))
  useCommand('previousIncident', () => step(-1))

  return (
    <section className="board" aria-label={t('incidents.title')} data-pane="incidents">
      <header className="pane-head">
        <h2>{t('incidents.title')}</h2>
        <span className="muted" aria-live="polite">
          {open.data ? <>{t('incidents.open', { count: open.data.length })} · {t('incidents.unassigned', { count: unassigned })}</> : null}
        </span>
        <button type="button" className="button is-quiet is-end" disabled={!changeIncidents} title={reason} onClick={onNew}>
          <Icon name="plus" /><span>{t('incidents.new')}</span><Keys command="newIncident" />
        </button>
      </header>
      <div className="board-tools">
        <label className="search">
          <span className="sr-only">{t('incidents.filter')}</span>
          <Icon name="search" />
          <input
            type="search"
            value={filter}
            dir="auto"
            placeholder={t('incidents.filter')}
            onChange={(event) => setFilter(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape') { setFilter(''); list.current?.focus(); event.stopPropagation() }
              if (event.key === 'ArrowDown' || event.key === 'Enter') { event.preventDefault(); list.current?.focus() }
            }}
          />
          <Keys command="search" />
        </label>
        <div className="segments" role="group" aria-label={t('incidents.which')}>
          <button type="button" aria-pressed={!closed} onClick={() => setClosed(false)}>{t('incidents.stateOpen')}</button>
          <button type="button" aria-pressed={closed} onClick={() => setClosed(true)}>{t('incidents.stateClosed')}</button>
        </div>
      </div>
      {shown.isPending ? <Skeleton /> : null}
      {shown.isError && !shown.data ? <Failure title={t('incidents.failed')} error={shown.error} retry={() => void shown.refetch()} /> : null}
      {shown.data && items.length === 0 ? (
        !seeIncidents ? <Notice icon="key" title={t('rights.noIncidents')} />
        : filter !== '' ? <Notice icon="search" title={t('incidents.noMatch')} />
        : closed ? <Notice icon="check" title={t('incidents.noneClosed')} />
        : (
          <Notice icon="check" title={t('incidents.none')}>
            <p>{reason ?? t('incidents.noneHint')}</p>
            {changeIncidents ? <button type="button" className="button" onClick={onNew}>{t('incidents.newLong')}<Keys command="newIncident" /></button> : null}
            <dl className="first-keys">
              {(['palette', 'units', 'warnings', 'keySheet'] as const).map((one) => <div key={one}><dt><Keys command={one} /></dt><dd>{t(`commands.${one}`)}</dd></div>)}
            </dl>
          </Notice>
        )
      ) : null}
      {items.length > 0 ? (
        <List
          door={list}
          label={t('incidents.title')}
          items={items}
          keyOf={(one) => one.id}
          selected={selected}
          onPick={onSelect}
          rowClass={(one) => `${one.pending ? 'is-pending' : ''}`}
          render={(one) => <Row incident={one} type={typeName(one.type)} place={places(one)} />}
        />
      ) : null}
    </section>
  )
}

function Row({ incident, type, place }: { incident: Incident; type: string; place: string }) {
  const { t, language } = useText()
  const city = useCity()
  const now = useNow()
  const due = waiting(incident, city, now)
  const priority = nameIn(city.priorities.find((one) => one.level === incident.priority)?.name, language, city.languages)
  return (
    <div className={`incident-row is-${due}`}>
      <SeveritySign level={incident.priority} name={priority} />
      <div className="incident-main">
        <span className="one-line" dir="auto">{type}</span>
        <small className="one-line"><bdi>{incident.number}</bdi> · <bdi>{place}</bdi></small>
      </div>
      <div className="incident-end">
        <time className="age" dateTime={incident.openedAt}>{age((incident.closedAt ? Date.parse(incident.closedAt) : now) - Date.parse(incident.openedAt))}</time>
        <small className="one-line">
          {incident.pending ? t('states.sending')
            : incident.units.length > 0 ? <bdi>{incident.units.map((unit) => unit.callSign).join(' ')}</bdi>
            : incident.state === 'closed' ? t('incidents.stateClosed')
            : t('incidents.unassignedOne')}
        </small>
      </div>
    </div>
  )
}
