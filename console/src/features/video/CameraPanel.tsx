import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import './video.css'
import { useCity } from '../../api/session'
import type { Incident } from '../../api/types'
import { coordinates, dayAndClock, nameIn } from '../../format'
import { useText } from '../../i18n'
import { Age, Failure, Icon, Notice, Skeleton } from '../../ui'
import { cameraQuery, CameraSign, camerasQuery, shortId, signOf } from '../cameras'
import { CameraTile } from './CameraTile'
import { emptyWall, hung, writeWall } from './wall'
import { healthQuery } from './video.queries'

type Props = { id: string; incident: Pick<Incident, 'id' | 'number'> | undefined; grant: string | undefined; onClose: () => void; onShowPlace: () => void }

/** One camera chosen on the map: its picture for the incident one works on, whose it is and how it is. */
export function CameraPanel({ id, incident, grant, onClose, onShowPlace }: Props) {
  const { t, language } = useText()
  const city = useCity()
  const cameras = useQuery(camerasQuery)
  const full = useQuery(cameraQuery(id)).data
  const finding = useQuery(healthQuery).data?.find((one) => one.camera === id)
  const listed = cameras.data?.find((one) => one.id === id)
  const camera = listed ?? full
  if (!camera) {
    if (cameras.isPending) return <Skeleton />
    if (cameras.isError) return <Failure title={t('cameras.failed')} error={cameras.error} retry={() => void cameras.refetch()} />
    return <Notice icon="video" title={t('video.goneCamera')}><button type="button" className="button is-quiet" onClick={onClose}>{t('actions.close')}</button></Notice>
  }
  const sign = signOf(camera)
  return (
    <article className="camera-panel">
      <header className="pane-head">
        <CameraSign sign={sign} />
        <h2 dir="auto">{camera.name}</h2>
        <button type="button" className="button is-bare is-end" aria-label={t('actions.close')} onClick={onClose}><Icon name="close" /></button>
      </header>
      <div className="camera-picture"><CameraTile camera={camera} purpose={{ case: incident?.id, grant }} logged={incident?.number ?? null} mode={incident ? 'live' : 'still'} finding={finding} /></div>
      {incident ? null : <p className="hint"><Icon name="key" />{t('video.deniedRemedy')}</p>}
      <dl className="facts">
        <dt>{t('cameras.owner')}</dt><dd><bdi>{nameIn(city.organisations.find((one) => one.id === camera.organisation)?.name ?? camera.organisation, language, city.languages)}</bdi></dd>
        <dt>{t('cameras.state')}</dt><dd>{t(`cameras.states.${sign}`)} · <span title={dayAndClock(camera.stateSince, language, city.timeZone)}><Age since={camera.stateSince} /></span>{camera.reason ? <small dir="auto">{camera.reason}</small> : null}</dd>
        <dt>{t('cameras.place')}</dt><dd><button type="button" className="link" onClick={onShowPlace}><bdi dir="ltr">{coordinates(camera.place)}</bdi></button>{camera.heading === null ? null : <bdi dir="ltr">{` ${Math.round(camera.heading)}°`}</bdi>}</dd>
        {full?.bitsPerSecond ? <><dt>{t('cameras.rate')}</dt><dd><bdi dir="ltr">{`${(full.bitsPerSecond / 1e6).toFixed(1)} Mbit/s`}</bdi></dd></> : null}
        {full?.lastByteAt ? <><dt>{t('cameras.lastByte')}</dt><dd><Age since={full.lastByteAt} /></dd></> : null}
        {full?.clockOffsetMillis ? <><dt>{t('cameras.clockOff')}</dt><dd><bdi dir="ltr">{`${full.clockOffsetMillis} ms`}</bdi></dd></> : null}
      </dl>
      <Link className="button is-quiet" to="/video" search={{ wall: writeWall(hung({ ...emptyWall, size: 1 }, camera.id), shortId), ...(incident ? { case: incident.id } : {}) }}><Icon name="video" />{t('video.openWall')}</Link>
    </article>
  )
}
