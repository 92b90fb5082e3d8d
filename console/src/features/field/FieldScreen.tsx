import './field.css'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useCity, useSignedIn } from '../../api/session'
import { useText } from '../../i18n'
import { nameIn } from '../../format'
import { LiveLink } from '../../live'
import { Failure, Icon, Notice, Skeleton, StateSign, Toasts } from '../../ui'
import { enableRadio } from '../talk'
import { unitsQuery } from '../units'
import { goOnDuty, useDuty } from './duty'
import { FieldDuty } from './FieldDuty'
import { useInstallable } from './install'

/** The phone of somebody out there: talk, the incident, the map, messages, status. */
export function FieldScreen() {
  const session = useSignedIn()
  const duty = useDuty(session.person.id)
  const install = useInstallable()
  const units = useQuery(unitsQuery)
  const unit = duty?.unit ? units.data?.find((one) => one.id === duty.unit) : undefined
  useEffect(() => {
    document.title = 'Conurb'
  }, [])
  return (
    <div className="field">
      <LiveLink session={session} />
      {duty ? <FieldDuty key={duty.unit ?? ''} unit={unit} unitId={duty.unit} install={install} /> : <ChooseUnit install={install} />}
      <Toasts />
    </div>
  )
}

/** Says as which unit one goes on duty; the press is also the gesture by which the browser gives microphone and sound. */
function ChooseUnit({ install }: { install: (() => void) | null }) {
  const { t, language } = useText()
  const city = useCity()
  const session = useSignedIn()
  const units = useQuery(unitsQuery)
  const [filter, setFilter] = useState('')
  const mine = (units.data ?? [])
    .filter((one) => one.organisation === session.organisation.id && one.callSign.toLocaleLowerCase().includes(filter.trim().toLocaleLowerCase()))
    .sort((a, b) => a.callSign.localeCompare(b.callSign, undefined, { numeric: true }))
  const start = (unit: string | null) => {
    void enableRadio()
    // Asked for now, so that an emergency needs not ask.
    navigator.geolocation?.getCurrentPosition(() => {}, () => {}, { maximumAge: 600_000, timeout: 10_000 })
    goOnDuty({ person: session.person.id, unit })
  }
  return (
    <main className="field-choose" id="main">
      <h1>{t('field.choose')}</h1>
      <p className="muted">{t('field.chooseHint')}</p>
      <label className="search"><span className="sr-only">{t('units.filter')}</span><Icon name="search" /><input type="search" dir="auto" value={filter} placeholder={t('units.filter')} onChange={(event) => setFilter(event.target.value)} /></label>
      {units.isPending ? <Skeleton rows={4} /> : null}
      {units.isError && !units.data ? <Failure title={t('units.failed')} error={units.error} retry={() => void units.refetch()} /> : null}
      {units.data && mine.length === 0 ? <Notice icon="search" title={t('units.noMatch')} /> : null}
      <ul className="field-units">
        {mine.map((one) => (
          <li key={one.id}><button type="button" onClick={() => start(one.id)}><StateSign state={one.status.state} /><bdi className="call-sign">{one.callSign}</bdi><span className="muted one-line">{nameIn(city.unitKinds.find((each) => each.code === one.kind)?.name ?? one.kind, language, city.languages)}</span></button></li>
        ))}
      </ul>
      {session.seat ? <button type="button" className="button is-quiet is-big" onClick={() => start(null)}>{t('field.asSeat', { seat: nameIn(session.seat.name, language, city.languages) })}</button> : null}
      {install ? <button type="button" className="button is-quiet is-big" onClick={install}>{t('field.install')}</button> : null}
      <p className="hint">{t('field.background')}</p>
    </main>
  )
}
