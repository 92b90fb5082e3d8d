import { queryOptions, useQuery } from '@tanstack/react-query'
import { request } from '../../api/http'
import { cacheKeys } from '../../api/keys'
import { useRights } from '../../api/rights'
import { useCity } from '../../api/session'
import type { ComponentState, System } from '../../api/types'
import { bytes, dayAndClock, roughly } from '../../format'
import { useText } from '../../i18n'
import { useNow } from '../../live'
import { Failure, Icon, Notice, Skeleton } from '../../ui'

export const systemQuery = queryOptions({
  queryKey: cacheKeys.system,
  queryFn: ({ signal }) => request<System>('GET', '/api/system', { signal, timeoutMs: 8_000 }),
  refetchInterval: 5_000,
  retry: false,
})

/** What runs, since when, and what to do where it does not. */
export function SystemScreen() {
  const { t, language } = useText()
  const city = useCity()
  const now = useNow()
  const { seeSystem } = useRights()
  const system = useQuery({ ...systemQuery, enabled: seeSystem })
  const named = (component: string) => t(`system.names.${component.replaceAll(/[^a-z]/g, '_')}` as 'system.names.database', { defaultValue: component })
  const at = (moment: string) => dayAndClock(moment, language, city.timeZone)
  const ago = (moment: string) => t('system.ago', { time: roughly(now - Date.parse(moment), language) })
  return (
    <main className="system" id="main" data-pane="system">
      <header className="system-head">
        <h1>{t('system.title')}</h1>
        {system.data ? <StateWord state={system.data.state} /> : null}
        {system.isError && system.data ? <span className="unassigned" role="status">{t('system.stale', { at: at(new Date(system.dataUpdatedAt).toISOString()) })}</span> : null}
      </header>
      {seeSystem ? null : <Notice icon="key" title={t('rights.noSystem')} />}
      {system.isPending && seeSystem ? <Skeleton /> : null}
      {system.isError && !system.data ? <Failure title={t('system.failed')} error={system.error} retry={() => void system.refetch()} /> : null}
      {system.data ? (
        <>
          <Figures system={system.data} />
          <div className="table-frame" role="region" aria-label={t('system.components')} tabIndex={0}>
            <table>
              <thead><tr><th scope="col">{t('system.component')}</th><th scope="col">{t('system.state')}</th><th scope="col">{t('system.since')}</th><th scope="col">{t('system.todo')}</th></tr></thead>
              <tbody>
                {[...system.data.components].sort((a, b) => rank[a.state] - rank[b.state]).map((one) => (
                  <tr key={one.name} className={`is-${one.state}`}>
                    <th scope="row">{named(one.name)}<small className="mono" translate="no"><bdi>{one.name}</bdi></small></th>
                    <td><StateWord state={one.state} /></td>
                    <td>{Date.parse(one.since) > 0 ? <><time dateTime={one.since}>{at(one.since)}</time><small>{ago(one.since)}</small></> : <span className="muted">{t('states.unknown')}</span>}</td>
                    <td>{one.detail ? <span dir="auto">{one.detail}</span> : null}{one.remedy ? <strong dir="auto">{one.remedy}</strong> : one.state === 'ok' && !one.detail ? <span className="muted">{t('system.nothing')}</span> : null}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <p className="muted"><a className="link" href="/api/system" target="_blank" rel="noreferrer">{t('system.json')}</a></p>
        </>
      ) : null}
    </main>
  )
}

const rank: Record<ComponentState, number> = { down: 0, degraded: 1, warning: 2, ok: 3 }

function StateWord({ state }: { state: ComponentState }) {
  const { t } = useText()
  return <span className={`state-word is-${state}`}><Icon name={state === 'ok' ? 'check' : 'alert'} />{t(`system.states.${state}`)}</span>
}

function Figures({ system }: { system: System }) {
  const { t, language } = useText()
  const city = useCity()
  const disk = system.disk
  const used = disk ? 1 - disk.freeBytes / Math.max(1, disk.totalBytes) : 0
  const backup = system.backup
  return (
    <dl className="figures">
      <div><dt>{t('system.version')}</dt><dd><bdi>{system.version}</bdi></dd><dd className="muted">{t('system.started', { at: dayAndClock(system.startedAt, language, city.timeZone) })}</dd></div>
      {disk ? (
        <div className={used > 0.9 ? 'is-degraded' : ''}>
          <dt>{t('system.disk')}</dt><dd>{t('system.free', { size: bytes(disk.freeBytes, language) })}</dd>
          <dd><meter min={0} max={1} high={0.9} value={used} aria-label={t('system.diskUsed')} /><span className="muted">{t('system.of', { size: bytes(disk.totalBytes, language) })}</span></dd>
        </div>
      ) : null}
      <div className={backup?.lastAt ? '' : 'is-degraded'}>
        <dt>{t('system.backup')}</dt>
        <dd>{backup?.lastAt ? t('system.ago', { time: roughly((backup.ageSeconds ?? 0) * 1000, language) }) : t('system.noBackup')}</dd>
        <dd className="muted">{backup?.lastAt ? dayAndClock(backup.lastAt, language, city.timeZone) : <code dir="ltr">{'./conurb admin backup'}</code>}</dd>
      </div>
      {Object.entries(system.queues ?? {}).map(([name, one]) => (
        <div key={name}><dt>{name === 'notifications' ? t('system.lagNotifications') : name}</dt><dd>{new Intl.NumberFormat(`${language}-u-nu-latn`).format(one.waiting)}</dd><dd className="muted">{one.oldestSeconds === null ? t('system.noneWaits') : t('system.oldest', { time: roughly(one.oldestSeconds * 1000, language) })}</dd></div>
      ))}
      {Object.entries(system.sequencers ?? {}).map(([name, one]) => (
        <div key={name}><dt>{name === 'audit' ? t('system.lagAudit') : name === 'changes' ? t('system.lagChanges') : name}</dt><dd>{new Intl.NumberFormat(`${language}-u-nu-latn`).format(one.lag)}</dd><dd className="muted">{t('system.lagHint')}</dd></div>
      ))}
    </dl>
  )
}
