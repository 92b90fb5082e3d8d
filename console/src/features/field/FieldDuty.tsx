import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useSignedIn } from '../../api/session'
import type { Unit } from '../../api/types'
import { useText } from '../../i18n'
import { standing, useLink, useNow } from '../../live'
import { Icon, type IconName, Notice } from '../../ui'
import { AlarmBar, CallBar, enableRadio, locationRatesQuery, Messages, radio, useOutbox, useRadio, useSending, useSignedOn, useTalkInputs } from '../talk'
import { incidentQuery } from '../incidents'
import { goOnDuty } from './duty'
import { FieldIncident } from './FieldIncident'
import { FieldStatus } from './FieldStatus'
import { FieldTalk } from './FieldTalk'
import { usePosition } from './position'
import { useWakeLock } from './wake'

const FieldMap = lazy(() => import('./FieldMap').then((loaded) => ({ default: loaded.FieldMap })))

const tabs = [
  { id: 'talk', icon: 'talk' }, { id: 'incident', icon: 'alert' }, { id: 'map', icon: 'map' }, { id: 'messages', icon: 'send' }, { id: 'status', icon: 'check' },
] as const satisfies { id: string; icon: IconName }[]
export type Tab = (typeof tabs)[number]['id']

type Props = { unit: Unit | undefined; unitId: string | null; install: (() => void) | null }

export function FieldDuty({ unit, unitId, install }: Props) {
  const { t } = useText()
  const session = useSignedIn()
  const { state, on } = useRadio()
  const [tab, setTab] = useState<Tab>('talk')
  const awake = useWakeLock(true)
  const waiting = useOutbox().filter((one) => one.person === session.person.id).length
  useSignedOn(`${session.person.id} ${session.organisation.id} ${unitId ?? session.seat?.id ?? ''}`, unitId ?? undefined)
  useTalkInputs()
  useSending(session.person.id)
  const incidentId = unit?.incident ?? state.groups.find((one) => one.id === state.selected)?.incident ?? null
  const incident = useQuery({ ...incidentQuery(incidentId ?? ''), enabled: incidentId !== null }).data
  const group = state.groups.find((one) => one.id === radio.target())
  const called = unit?.incident ? state.groups.find((one) => one.incident === unit.incident) : undefined
  const rates = useQuery({ ...locationRatesQuery(unitId ?? undefined), enabled: unitId !== null }).data
  usePosition(unitId, rates?.get((called ?? group)?.id ?? ''))
  // Who is sent to an incident talks there, until another group is chosen by hand.
  const calledTo = called?.affiliated ? called.id : null
  useEffect(() => {
    if (calledTo !== null) radio.select(calledTo)
  }, [calledTo])
  const leave = () => {
    radio.close()
    goOnDuty(null)
  }
  return (
    <>
      <header className="field-head">
        <h1><bdi className="call-sign">{unit?.callSign ?? state.me?.name ?? session.person.name}</bdi></h1>
        <Line />
        <button type="button" className="field-outbox" aria-label={t('field.outbox', { count: waiting })} onClick={() => setTab('messages')}><Icon name="send" /><span>{waiting}</span></button>
        <button type="button" className="button is-quiet" onClick={leave}>{t('field.leave')}</button>
      </header>
      <div className="field-bars">
        <AlarmBar onShow={() => setTab('map')} />
        <CallBar />
        {state.line === 'refused' ? <p className="field-warn" role="alert">{state.problem?.detail ?? state.problem?.title ?? t('talk.line.refused')} <button type="button" className="link" onClick={() => radio.retry()}>{t('actions.retryNow')}</button></p> : null}
        {on || state.line !== 'open' ? null : <button type="button" className="button is-big" onClick={() => void enableRadio()}>{t('talk.enable')}</button>}
      </div>
      <main className={`field-screen is-${tab}`} id="main" tabIndex={-1}>
        {tab === 'talk' ? <FieldTalk incident={incident} onIncident={() => setTab('incident')} awake={awake} /> : null}
        {tab === 'incident' ? incidentId ? <FieldIncident id={incidentId} onMap={() => setTab('map')} /> : <Notice icon="check" title={t('field.noIncident')} /> : null}
        {tab === 'map' ? <Suspense fallback={<div className="map-loading" role="status">{t('states.loading')}</div>}><FieldMap unit={unit} incident={incident} /></Suspense> : null}
        {tab === 'messages' ? group ? <Messages key={group.id} other={group.id} name={group.name} compact /> : <Notice icon="talk" title={t('talk.noGroups')} /> : null}
        {tab === 'status' ? <FieldStatus unit={unit} group={group?.id ?? null} install={install} /> : null}
      </main>
      <nav className="field-tabs" aria-label={t('nav.label')}>
        {tabs.map((one) => (
          <button key={one.id} type="button" aria-current={tab === one.id ? 'page' : undefined} onClick={() => setTab(one.id)}>
            <Icon name={one.icon} /><span>{t(`field.tabs.${one.id}`)}</span>
          </button>
        ))}
      </nav>
    </>
  )
}

/** The two lines one hangs on: the radio's, and that of everything else. */
function Line() {
  const { t } = useText()
  const { state } = useRadio()
  const link = useLink()
  useNow()
  const data = standing(link, Date.now())
  const bad = state.line !== 'open' || data === 'cut'
  return <span className={`field-line one-line ${bad ? 'is-bad' : ''}`} role="status"><Icon name={bad ? 'alert' : 'check'} />{state.line !== 'open' ? t(`talk.line.${state.line}`) : data === 'cut' ? t('status.cut') : t('field.connected')}</span>
}
