import { useQuery } from '@tanstack/react-query'
import { useCity } from '../../api/session'
import { clock, coordinates, inside, nameIn } from '../../format'
import { useText } from '../../i18n'
import { Failure, Icon, SeveritySign, Skeleton, StateSign } from '../../ui'
import { incidentQuery, useIncidentActions } from '../incidents'

/** My incident: what, where, what was told, who else goes. */
export function FieldIncident({ id, onMap }: { id: string; onMap: () => void }) {
  const { t, language } = useText()
  const city = useCity()
  const actions = useIncidentActions()
  const query = useQuery(incidentQuery(id))
  if (query.isPending) return <Skeleton rows={3} />
  if (!query.data) return <Failure title={t('incident.failed')} error={query.error} retry={() => void query.refetch()} />
  const incident = query.data
  const type = nameIn(city.incidentTypes.find((one) => one.code === incident.type)?.name ?? incident.type, language, city.languages)
  const place = incident.place
  const district = place && city.districts.find((one) => inside(place, one.area))
  const purposes = city.purposes.filter((one) => one.needsCase)
  return (
    <article className="field-card">
      <h2><SeveritySign level={incident.priority} /><bdi>{type}</bdi> <bdi className="muted">{incident.number}</bdi></h2>
      <p className="muted">{t('incident.openedAt', { at: clock(incident.openedAt, language, city.timeZone).slice(0, 5) })}</p>
      <button type="button" className="field-place" disabled={!place} onClick={onMap}><Icon name="pin" /><span>{district ? <bdi>{nameIn(district.name, language, city.languages)}</bdi> : null} {place ? <bdi dir="ltr">{coordinates(place)}</bdi> : t('incident.noPlace')}</span></button>
      {incident.description ? <p className="description" dir="auto">{incident.description}</p> : incident.description === undefined || incident.description === null ? (
        <div className="withheld"><p><Icon name="key" />{t('incident.withheld')}</p>{purposes.map((one) => <button key={one.code} type="button" className="button is-quiet" onClick={() => void actions.askAccess(incident, one.code)}>{t('incident.askAccess', { purpose: nameIn(one.name, language, city.languages) })}</button>)}</div>
      ) : <p className="muted">{t('incident.noDescription')}</p>}
      {incident.caller?.phone ? <p><a className="button is-quiet is-big" href={`tel:${incident.caller.phone}`}><Icon name="phone" />{t('incident.caller')}: <bdi dir="ltr">{incident.caller.phone}</bdi></a></p> : null}
      <h3>{t('incident.units')}</h3>
      <ul className="talk-people">{incident.units.map((one) => <li key={one.id}><StateSign state={one.status.state} /><bdi className="call-sign">{one.callSign}</bdi><span className="muted one-line">{t(`unitState.${one.status.state}`)}</span></li>)}</ul>
    </article>
  )
}
