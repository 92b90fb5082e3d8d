import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCity } from '../api/session'
import { runCommand } from '../commands'
import { camerasQuery, notRecording } from '../features/cameras'
import { openIncidentsQuery, waiting } from '../features/incidents'
import { counts, unitsQuery } from '../features/units'
import { activeWarningsQuery, holds, notReal } from '../features/warnings'
import { age, clock, isoDay, roughly } from '../format'
import { useText } from '../i18n'
import { type Link, retryLink, standing, useLink, useNow } from '../live'
import { Icon } from '../ui'

const clockOffMs = 2_000

/** Tells the truth about what is on the screen: whether it is live, how old it is, and what time it is. */
export function StatusBar() {
  const { t, language } = useText()
  const city = useCity()
  const client = useQueryClient()
  const now = useNow()
  const link = useLink()
  const incidents = useQuery(openIncidentsQuery(client)).data
  const units = useQuery(unitsQuery).data
  const cameras = useQuery(camerasQuery).data ?? []
  const lost = notRecording(cameras).length
  const warnings = useQuery(activeWarningsQuery).data ?? []
  const overdue = (incidents ?? []).filter((one) => waiting(one, city, now) === 'overdue').length
  const real = warnings.filter((one) => notReal(one) === null && holds(one, now)).length
  const off = link.offset ?? 0
  return (
    <footer className="status-bar" aria-label={t('status.title')}>
      <LinkState link={link} />
      {incidents ? <span className="status-item">{t('incidents.open', { count: incidents.length })}</span> : null}
      {overdue > 0 ? <span className="status-item is-bad"><Icon name="alert" />{t('status.overdue', { count: overdue })}</span> : null}
      {lost > 0 ? <button type="button" className="status-item is-warn status-link" onClick={() => runCommand('goVideo')}><Icon name="alert" />{t('status.camerasLost', { lost, of: cameras.filter((one) => one.record).length })}</button> : null}
      {units ? <span className="status-item is-wide">{t('units.counts', counts(units))}</span> : null}
      {real > 0 ? <span className="status-item is-wide">{t('warnings.count', { count: real })}</span> : null}
      <span className="status-clock">
        {Math.abs(off) > clockOffMs ? <span className="is-warn is-wide"><Icon name="wait" />{t('status.clockOff', { time: roughly(Math.abs(off), language) })}</span> : null}
        <bdi dir="ltr" className="is-wide">{`${isoDay(now, 'UTC')} ${clock(now, language, 'UTC')} UTC`}</bdi>
        <bdi>{t('status.local', { time: clock(now, language, city.timeZone) })}</bdi>
      </span>
    </footer>
  )
}

function LinkState({ link }: { link: Link }) {
  const { t, language } = useText()
  const now = Date.now()
  useNow()
  const silent = link.heardAt === null ? null : now - link.heardAt
  const state = standing(link, now)
  return (
    <span className={`link-state is-${state}`}>
      <span role="status">{t(`status.${state}`)}</span>
      <span className="status-age">
        {state === 'live' && silent !== null ? t('status.heard', { time: new Intl.NumberFormat(`${language}-u-nu-latn`, { style: 'unit', unit: 'second', unitDisplay: 'narrow', maximumFractionDigits: 0 }).format(Math.floor(silent / 1000)) }) : null}
        {state !== 'live' ? t('status.since', { age: age(now - (link.heardAt ?? link.since)) }) : null}
      </span>
      {state === 'cut' || state === 'reconnecting' ? <button type="button" className="link" onClick={retryLink}>{t('actions.retryNow')}</button> : null}
    </span>
  )
}

/** The bar that says that what one sees may no longer be so. */
export function CutOff() {
  const { t } = useText()
  const link = useLink()
  useNow()
  if (standing(link, Date.now()) !== 'cut') return null
  return (
    <div className="cut-off" role="alert">
      <Icon name="alert" />
      <strong>{t('status.cutTitle')}</strong>
      <span>{t('status.cutDetail', { age: age(Date.now() - (link.heardAt ?? link.since)) })}</span>
      <button type="button" className="button is-quiet" onClick={retryLink}>{t('actions.retryNow')}</button>
    </div>
  )
}
