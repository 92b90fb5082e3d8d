import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useId, useRef } from 'react'
import { Refused } from '../../api/http'
import { useRights } from '../../api/rights'
import { useCity, useSignedIn } from '../../api/session'
import type { Incident, Severity, Unit } from '../../api/types'
import { useCommand } from '../../commands'
import { clock, coordinates, dayAndClock, inside, isoDay, nameIn } from '../../format'
import { useText } from '../../i18n'
import { cityNow } from '../../live'
import { Age, Failure, Icon, Keys, Notice, SeveritySign, Skeleton, StateSign } from '../../ui'
import { AssignBox } from './AssignBox'
import { type IncidentActions, useIncidentActions } from './incidents.actions'
import { incidentQuery, openIncidentsQuery } from './incidents.queries'
import { NoteBox } from './NoteBox'
import { type MoreMarks, Timeline } from './Timeline'

type Props = { id: string; units: readonly Unit[]; assigning: boolean; onAssigning: (is: boolean) => void; onEdit: () => void; onClose: () => void; onShowPlace: () => void; /** The cameras near it, put in by the screen. */ cameras?: ReactNode; /** Its talk group, put in by the screen. */ talk?: ReactNode; spoken?: readonly MoreMarks[] }

/** All about one incident. Shows what the list holds at once and fills in the rest when it comes. */
export function IncidentDetail(props: Props) {
  const { t } = useText()
  const client = useQueryClient()
  const listed = useQuery(openIncidentsQuery(client)).data?.find((one) => one.id === props.id)
  const full = useQuery({ ...incidentQuery(props.id), enabled: !listed?.pending })
  const incident = full.data && listed ? { ...full.data, ...listed, description: listed.description ?? full.data.description ?? null, caller: listed.caller ?? full.data.caller ?? null, ...(full.data.sent ? { sent: full.data.sent } : {}), grant: full.data.grant ?? null } : (full.data ?? listed)
  if (incident) return <Detail {...props} incident={incident} partial={!full.data} />
  if (full.isPending) return <Skeleton />
  if (full.error instanceof Refused && full.error.problem.status === 404) {
    return <Notice icon="search" title={t('incident.gone')}><button type="button" className="button is-quiet" onClick={props.onClose}>{t('actions.close')}</button></Notice>
  }
  return <Failure title={t('incident.failed')} error={full.error} retry={() => void full.refetch()} />
}

function Detail({ incident, partial, units, assigning, onAssigning, onEdit, onClose, onShowPlace, cameras, talk, spoken }: Props & { incident: Incident; partial: boolean }) {
  const { t, language } = useText()
  const city = useCity()
  const actions = useIncidentActions()
  const priorityField = useRef<HTMLSelectElement>(null)
  const assignButton = useRef<HTMLButtonElement>(null)
  const article = useRef<HTMLElement>(null)
  const headingId = useId()
  const reason = useRights().changeIncidents ? null : t('rights.noChange')
  const today = isoDay(Date.parse(incident.openedAt), city.timeZone) === isoDay(cityNow(), city.timeZone)
  const isOpen = incident.state === 'open' && !incident.pending
  const type = nameIn(city.incidentTypes.find((one) => one.code === incident.type)?.name ?? incident.type, language, city.languages)
  const district = incident.place && city.districts.find((one) => incident.place && inside(incident.place, one.area))
  const levelName = (level: Severity) => nameIn(city.priorities.find((one) => one.level === level)?.name, language, city.languages) || t(`severity.${level}`)

  useCommand('assign', () => onAssigning(true), isOpen, reason)
  useCommand('edit', onEdit, isOpen, reason)
  useCommand('priority', () => priorityField.current?.focus(), isOpen, reason)
  useCommand('closeIncident', () => void actions.setState(incident, 'closed'), isOpen, reason)
  useCommand('release', () => {
    const last = incident.units.at(-1)
    if (last) void actions.release(incident, last)
  }, isOpen && incident.units.length > 0, reason)

  // Left in the field, the focus would keep all single keys from their commands.
  const back = () => article.current?.focus({ preventScroll: true })

  return (
    <article className="detail" ref={article} tabIndex={-1} aria-labelledby={headingId}>
      <header className="detail-head">
        <div className="detail-title">
          <SeveritySign level={incident.priority} name={levelName(incident.priority)} />
          <h2 id={headingId} dir="auto">{type} <bdi className="muted">{incident.number}</bdi></h2>
          <button type="button" className="button is-bare is-end" aria-label={t('actions.close')} onClick={onClose}><Icon name="close" /></button>
        </div>
        <p className="detail-place">
          <Icon name="pin" />
          {district ? <bdi>{nameIn(district.name, language, city.languages)}</bdi> : null}
          {incident.place ? (
            <button type="button" className="link" onClick={onShowPlace}><bdi dir="ltr">{coordinates(incident.place)}</bdi></button>
          ) : t('incident.noPlace')}
        </p>
        <p className="chips">
          <span className={`chip is-${incident.state}`}>{t(incident.state === 'open' ? 'incident.stateOpen' : 'incident.stateClosed')}{incident.state === 'open' ? <Age since={incident.openedAt} /> : null}</span>
          <span className="chip"><time dateTime={incident.openedAt} title={dayAndClock(incident.openedAt, language, city.timeZone)}>{t('incident.openedAt', { at: today ? clock(incident.openedAt, language, city.timeZone).slice(0, 5) : dayAndClock(incident.openedAt, language, city.timeZone) })}</time></span>
          {incident.grant ? <span className="chip is-grant" title={incident.grant}><Icon name="key" />{t('incident.granted')}</span> : null}
        </p>
        <Description incident={incident} partial={partial} actions={actions} />
        {incident.caller?.name || incident.caller?.phone ? (
          <p className="caller"><Icon name="phone" /><span className="sr-only">{t('incident.caller')}</span><bdi>{incident.caller.name}</bdi> {incident.caller.phone ? <bdi dir="ltr">{incident.caller.phone}</bdi> : null}</p>
        ) : null}
        <div className="detail-actions">
          {incident.state === 'open' ? (
            <>
              <button ref={assignButton} type="button" className="button" aria-expanded={assigning} disabled={!isOpen || reason !== null} title={reason ?? undefined} onClick={() => onAssigning(!assigning)}>{t('assign.action')}<Keys command="assign" /></button>
              <label className="select" title={reason ?? undefined}>
                <span className="sr-only">{t('incident.priority')}</span>
                <select
                  ref={priorityField} value={incident.priority} disabled={!isOpen || reason !== null}
                  onChange={(event) => { void actions.setPriority(incident, Number(event.target.value) as Severity); back() }}
                  onKeyDown={(event) => { if (event.key === 'Escape') { event.stopPropagation(); back() } }}
                >
                  {([1, 2, 3, 4] as const).map((level) => <option key={level} value={level}>{`${level} · ${levelName(level)}`}</option>)}
                </select>
              </label>
              <button type="button" className="button is-quiet" disabled={!isOpen || reason !== null} title={reason ?? undefined} onClick={onEdit}>{t('actions.edit')}<Keys command="edit" /></button>
              <button type="button" className="button is-quiet" disabled={!isOpen || reason !== null} title={reason ?? undefined} onClick={() => void actions.setState(incident, 'closed')}>{t('incident.close')}<Keys command="closeIncident" /></button>
            </>
          ) : (
            <button type="button" className="button" disabled={reason !== null} title={reason ?? undefined} onClick={() => void actions.setState(incident, 'open')}>{t('incident.reopen')}</button>
          )}
        </div>
        {reason ? <p className="hint">{reason}</p> : null}
      </header>
      {assigning && isOpen && reason === null ? <AssignBox incident={incident} units={units} onAssign={(unit) => void actions.assign(incident, unit)} onClose={() => { onAssigning(false); assignButton.current?.focus() }} /> : null}
      <section className="detail-part" aria-label={t('incident.units')}>
        <h3>{t('incident.units')} <span className="muted">{incident.units.length}</span></h3>
        {incident.units.length === 0 ? <p className={incident.state === 'open' ? 'unassigned' : 'muted'}>{t('incident.noUnits')}</p> : (
          <ul className="assigned">
            {incident.units.map((unit) => (
              <li key={unit.id} className={unit.pending ? 'is-pending' : ''}>
                <StateSign state={unit.status.state} />
                <bdi className="call-sign">{unit.callSign}</bdi>
                <span className="one-line">{unit.pending ? t('states.sending') : nameIn(city.unitStatuses.find((one) => one.code === unit.status.code)?.name, language, city.languages) || t(`unitState.${unit.status.state}`)}</span>
                <Age since={unit.status.since} className="muted" />
                {incident.state === 'open' && reason === null ? <button type="button" className="button is-bare" disabled={unit.pending} aria-label={t('incident.releaseUnit', { unit: unit.callSign })} onClick={() => void actions.release(incident, unit)}>{t('incident.release')}</button> : null}
              </li>
            ))}
          </ul>
        )}
      </section>
      <Sent incident={incident} />
      {cameras ? <section className="detail-part" aria-label={t('cameras.near')}><h3>{t('cameras.near')}</h3>{cameras}</section> : null}
      {talk ? <section className="detail-part" aria-label={t('nav.talk')}><h3>{t('nav.talk')}</h3>{talk}</section> : null}
      <section className="detail-part is-timeline" aria-label={t('timeline.title')}>
        <h3>{t('timeline.title')}</h3>
        {incident.pending ? <p className="muted">{t('states.sending')}</p> : <Timeline incident={incident.id} more={spoken ?? []} />}
      </section>
      {incident.pending || reason !== null ? null : <NoteBox incident={incident} actions={actions} />}
    </article>
  )
}

/** The times of each unit that was sent: sent, on the way, there, free again. */
function Sent({ incident }: { incident: Incident }) {
  const { t, language } = useText()
  const city = useCity()
  if (!incident.sent || incident.sent.length === 0) return null
  const at = (time: string | null) => (time ? <time dateTime={time}>{clock(time, language, city.timeZone)}</time> : '–')
  return (
    <section className="detail-part" aria-label={t('incident.times')}>
      <table className="times">
        <caption className="sr-only">{t('incident.times')}</caption>
        <thead><tr><th scope="col">{t('incident.units')}</th><th scope="col">{t('incident.sentAt')}</th><th scope="col">{t('incident.enRouteAt')}</th><th scope="col">{t('incident.onSceneAt')}</th><th scope="col">{t('incident.clearedAt')}</th></tr></thead>
        <tbody>
          {incident.sent.map((unit) => (
            <tr key={`${unit.id} ${unit.assignedAt}`}><th scope="row"><bdi className="call-sign">{unit.callSign}</bdi></th><td>{at(unit.assignedAt)}</td><td>{at(unit.enRouteAt)}</td><td>{at(unit.onSceneAt)}</td><td>{at(unit.clearedAt)}</td></tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** What was told. Without a purpose it is withheld, and this says so and offers the way to it. */
function Description({ incident, partial, actions }: { incident: Incident; partial: boolean; actions: IncidentActions }) {
  const { t, language } = useText()
  const city = useCity()
  const session = useSignedIn()
  if (incident.description !== undefined && incident.description !== null) {
    return incident.description ? <p className="description" dir="auto">{incident.description}</p> : <p className="muted">{t('incident.noDescription')}</p>
  }
  if (partial || incident.pending) return null
  const purposes = city.purposes.filter((one) => one.needsCase || city.purposes.length === 1)
  return (
    <div className="withheld">
      <p><Icon name="key" />{t('incident.withheld')} {session.seat === null && session.seats.length > 0 ? t('incident.withheldSeat') : null}</p>
      {purposes.map((purpose) => (
        <button key={purpose.code} type="button" className="button is-quiet" onClick={() => void actions.askAccess(incident, purpose.code)}>
          {t('incident.askAccess', { purpose: nameIn(purpose.name, language, city.languages) })}
        </button>
      ))}
    </div>
  )
}
