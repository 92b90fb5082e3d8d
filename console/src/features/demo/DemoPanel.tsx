import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import './demo.css'
import { Refused, request } from '../../api/http'
import { cacheKeys } from '../../api/keys'
import { becomePerson, sessionQuery, useCity, useSignedIn } from '../../api/session'
import { nameIn } from '../../format'
import { useText } from '../../i18n'
import { Failure, Icon, perform, Skeleton } from '../../ui'
import { Sheet } from '../../ui/Sheet'
import { demoQuery, type DemoState, type Fault, faults, inventedQuery } from './demo.queries'

const speeds = [0.5, 1, 2, 5, 10]

/** What a visitor may do to the invented city: play scenes, break things and mend them, be somebody else. */
export function DemoPanel({ onClose }: { onClose: () => void }) {
  const { t } = useText()
  const client = useQueryClient()
  const state = useQuery(demoQuery)
  const none = state.error instanceof Refused && state.error.problem.status === 404
  const tell = (path: string, body?: unknown) =>
    void perform<DemoState | undefined>({
      done: t('demo.done'), failed: t('demo.notDone'), quiet: true,
      send: (key) => request('POST', `/api/demo/${path}`, { body: body ?? {}, key }),
      settled: (answer) => (answer ? client.setQueryData(cacheKeys.demo, answer) : void client.invalidateQueries({ queryKey: cacheKeys.demo })),
    })
  return (
    <Sheet title={t('demo.title')} open onClose={onClose}>
      <div className="demo-panel">
        <Roles onClose={onClose} />
        {state.isPending ? <Skeleton rows={4} /> : null}
        {state.isError && !state.data ? none ? <p className="muted">{t('demo.noProcess')}</p> : <Failure title={t('demo.failed')} error={state.error} retry={() => void state.refetch()} /> : null}
        {state.data ? <Deeds state={state.data} tell={tell} /> : null}
      </div>
    </Sheet>
  )
}

function Deeds({ state, tell }: { state: DemoState; tell: (path: string, body?: unknown) => void }) {
  const { t } = useText()
  const [unit, setUnit] = useState('')
  const chosen = state.units.find((one) => one.callSign === unit)
  const whole = state.cameras.every((one) => one.fault === 'none') && state.units.every((one) => one.linked)
  return (
    <>
      <section aria-label={t('demo.scenes')}>
        <h3>{t('demo.scenes')}</h3>
        <ul className="demo-scenes">{state.scenes.map((one) => <li key={one.id}><button type="button" className="button is-quiet" onClick={() => tell(`scenes/${encodeURIComponent(one.id)}`)}><Icon name="play" /><bdi>{one.title}</bdi></button></li>)}</ul>
        <label className="check"><input type="checkbox" checked={!state.callsPaused} onChange={(event) => tell('calls', { paused: !event.target.checked })} />{t('demo.calls')}</label>
        <label className="demo-speed"><span className="label">{t('demo.speed')}</span>
          <span className="select"><select value={String(state.speed)} onChange={(event) => tell('speed', { factor: Number(event.target.value) })}>{[...new Set([...speeds, state.speed])].sort((a, b) => a - b).map((one) => <option key={one} value={String(one)}>{`${one}×`}</option>)}</select></span>
        </label>
      </section>
      {state.cameras.length > 0 ? (
        <section aria-label={t('cameras.title')}>
          <h3>{t('cameras.title')}</h3>
          <ul className="demo-things">
            {state.cameras.map((one) => (
              <li key={one.id} className={one.fault === 'none' ? '' : 'is-broken'}>
                <bdi className="one-line">{one.name}</bdi>
                <span className="select"><select aria-label={`${t('demo.camera')} ${one.name}`} value={one.fault} onChange={(event) => tell(`cameras/${encodeURIComponent(one.id)}`, { fault: event.target.value })}>{faults.map((fault) => <option key={fault} value={fault}>{t(`demo.faults.${fault satisfies Fault}`)}</option>)}</select></span>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {state.units.length > 0 ? (
        <section aria-label={t('units.title')}>
          <h3>{t('units.title')}</h3>
          <div className="demo-unit">
            <span className="select"><select aria-label={t('demo.unit')} value={unit} onChange={(event) => setUnit(event.target.value)}><option value="">{t('demo.unit')}</option>{state.units.map((one) => <option key={one.id} value={one.callSign}>{`${one.callSign}${one.linked ? '' : ` · ${t('demo.unlinked')}`}`}</option>)}</select></span>
            <label className="check"><input type="checkbox" disabled={!chosen} checked={chosen?.linked ?? true} onChange={(event) => chosen && tell(`units/${encodeURIComponent(chosen.callSign)}`, { linked: event.target.checked })} />{t('demo.linked')}</label>
          </div>
        </section>
      ) : null}
      <button type="button" className="button" disabled={whole} onClick={() => tell('restore')}>{t('demo.restoreAll')}</button>
    </>
  )
}

/** One click, and one sees the city from another side. */
function Roles({ onClose }: { onClose: () => void }) {
  const { t, language } = useText()
  const city = useCity()
  const client = useQueryClient()
  const session = useSignedIn()
  const people = useQuery(inventedQuery)
  const words = (roles: Record<string, string[]>) => Object.entries(roles).map(([organisation, held]) => `${nameIn(city.organisations.find((one) => one.id === organisation)?.name ?? organisation, language, city.languages)}: ${held.join(', ')}`).join(' · ')
  const become = (username: string, name: string) =>
    void perform({
      done: t('demo.become', { name }), failed: t('demo.becomeFailed'), quiet: true,
      send: () => becomePerson(username),
      settled: (answer) => {
        onClose()
        client.setQueryData(sessionQuery.queryKey, answer)
        // Nothing of what the other could see stays.
        void client.resetQueries({ predicate: (query) => query.queryKey[0] !== 'session' && query.queryKey[0] !== 'city' })
      },
    })
  if (people.isError) return null
  return (
    <section aria-label={t('demo.role')}>
      <h3>{t('demo.role')}</h3>
      <ul className="demo-people">
        {(people.data ?? []).map((one) => (
          <li key={one.username}>
            <button type="button" className="button is-quiet" aria-pressed={one.username === session.person.username} disabled={one.username === session.person.username} aria-label={t('demo.become', { name: one.name })} onClick={() => become(one.username, one.name)}>
              <bdi className="one-line">{one.name}</bdi><small className="one-line"><bdi>{words(one.roles)}</bdi></small>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
