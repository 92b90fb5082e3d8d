import { useQuery } from '@tanstack/react-query'
import type { Point } from 'geojson'
import { type ReactNode, useEffect, useState } from 'react'
import type { Unit } from '../../api/types'
import { request } from '../../api/http'
import { coordinates, distance, metres } from '../../format'
import { useText } from '../../i18n'
import { Age, Icon, Notice, StateSign } from '../../ui'
import { radio, useRadio } from './radio'
import { alarms, isPoint } from './state'
import { EmergencyButton, TalkButton } from './TalkButton'
import { RecordedSign } from './TalkSigns'

const shownUnits = 6

type Props = {
  group: string
  participant: string
  units: readonly Unit[]
  onClose: () => void
  onPlace: (place: Point | null) => void
  /** The cameras near a place, put in by the screen. */
  cameras: (place: Point, incident: string | undefined) => ReactNode
}

type Told = { location?: Point; state?: string; participant?: string }

/** An emergency at a dispatcher: who, where, which units are nearest, what cameras see. */
export function EmergencyPanel({ group: id, participant, units, onClose, onPlace, cameras }: Props) {
  const { t, language } = useText()
  const { state } = useRadio()
  const group = state.groups.find((one) => one.id === id)
  const alarm = alarms(state).find((one) => one.group === id && one.participant === participant)
  const entity = usePlaceOf(id, participant, alarm !== undefined)
  const unit = units.find((one) => isOf(participant, one.id))
  const place = entity ?? unit?.position ?? null
  const key = place ? place.coordinates.join(' ') : ''
  const [kept, setKept] = useState<Point | null>(null)
  if ((kept?.coordinates.join(' ') ?? '') !== key) setKept(place)
  useEffect(() => {
    onPlace(kept)
    return () => onPlace(null)
  }, [kept, onPlace])
  const near = place
    ? units.filter((one) => one.id !== unit?.id && one.position && one.status.state !== 'OUT_OF_SERVICE').map((one) => ({ unit: one, metres: metres(one.position as Point, place) })).sort((a, b) => a.metres - b.metres).slice(0, shownUnits)
    : []
  return (
    <article className="detail" aria-label={t('talk.emergency')}>
      <header className="detail-head is-emergency">
        <div className="detail-title"><span className="alarm-sign"><Icon name="alert" /></span>
          <h2 dir="auto">{t('talk.emergency')}{alarm ? <>: <bdi>{alarm.name}</bdi></> : null}</h2>
          <button type="button" className="button is-bare is-end" aria-label={t('actions.close')} onClick={onClose}><Icon name="close" /></button>
        </div>
        {alarm ? null : <p>{t('talk.emergencyOver')}</p>}
        <p className="chips">
          {group ? <span className="chip"><bdi>{group.name}</bdi>{group.recorded ? <RecordedSign /> : null}</span> : null}
          {alarm ? <span className="chip"><Age since={alarm.since} /></span> : null}
          {unit ? <span className="chip"><StateSign state={unit.status.state} /><bdi>{unit.callSign}</bdi></span> : null}
        </p>
        <p className="detail-place"><Icon name="pin" />{place ? <><button type="button" className="link" onClick={() => onPlace({ ...place })}><bdi dir="ltr">{coordinates(place)}</bdi></button>{entity ? null : <span className="muted">{t('talk.placeOfUnit')}</span>}</> : t('incident.noPlace')}</p>
        {group ? <div className="talk-press">{state.selected === group.id ? <TalkButton big /> : <button type="button" className="button is-big" onClick={() => radio.select(group.id)}><Icon name="talk" />{t('talk.selectGroup')}</button>}<EmergencyButton /></div> : null}
      </header>
      <section className="detail-part" aria-label={t('talk.nearUnits')}>
        <h3>{t('talk.nearUnits')}</h3>
        {near.length === 0 ? <p className="muted">{t('talk.noNearUnits')}</p> : (
          <ul className="talk-people">{near.map((one) => <li key={one.unit.id}><StateSign state={one.unit.status.state} /><bdi className="call-sign">{one.unit.callSign}</bdi><span className="muted one-line">{t(`unitState.${one.unit.status.state}`)}</span><span className="muted">{distance(one.metres, language)}</span></li>)}</ul>
        )}
      </section>
      <section className="detail-part" aria-label={t('cameras.near')}><h3>{t('cameras.near')}</h3>{kept ? cameras(kept, group?.incident) : <Notice icon="video" title={t('incident.noPlace')} />}</section>
    </article>
  )
}

/** A unit takes part under its own id: `sip:unit-<uuid>@<site>`. */
export function isOf(participant: string, unit: string): boolean {
  const uuid = unit.slice(unit.lastIndexOf(':') + 1)
  return uuid !== '' && participant.startsWith(`sip:unit-${uuid}@`)
}

/** The radio does not tell places; the city's memory may hold it, for who may know. */
function usePlaceOf(group: string, participant: string, wanted: boolean): Point | null {
  const found = useQuery({
    queryKey: ['talk-emergency', group, participant],
    queryFn: async ({ signal }) => {
      const query = new URLSearchParams({ type: 'TalkEmergency', q: `group=="${group}"`, options: 'keyValues', limit: '50' })
      return request<Told[]>('GET', `/ngsi-ld/v1/entities?${query.toString()}`, { signal })
    },
    enabled: wanted,
    refetchInterval: 5_000,
    retry: false,
  }).data
  return found?.find((one) => isPoint(one.location) && (one.participant === undefined || one.participant === participant) && one.state !== 'ended')?.location ?? null
}
