import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Point } from 'geojson'
import { useMemo, useState } from 'react'
import { useCity } from '../../api/session'
import { distance, nameIn } from '../../format'
import { useText } from '../../i18n'
import { Failure, Icon } from '../../ui'
import { camerasQuery, nearest, shortId } from '../cameras'
import { CameraTile } from './CameraTile'
import type { Purpose } from './purpose'
import { emptyWall, filled, writeWall } from './wall'
import { healthQuery } from './video.queries'

type Props = { incident: { id: string; number: string; place: Point }; grant: string | undefined }

const shownMost = 4
const withinMetres = 1_200

/** The cameras nearest to an incident: stills at once, live where one looks, and then they stay live. */
export function NearCameras({ incident, grant }: Props) {
  const { t, language } = useText()
  const city = useCity()
  const cameras = useQuery(camerasQuery)
  const findings = useQuery({ ...healthQuery, enabled: (cameras.data?.length ?? 0) > 0 }).data ?? []
  const [live, setLive] = useState<readonly string[]>([])
  const near = useMemo(() => nearest(cameras.data ?? [], incident.place, shownMost, withinMetres), [cameras.data, incident.place])
  const purpose: Purpose = { case: incident.id, grant }
  const owners = [...new Set(near.map((one) => one.camera.organisation))].map((id) => nameIn(city.organisations.find((one) => one.id === id)?.name ?? id, language, city.languages))
  const open = (id: string) => setLive((old) => (old.includes(id) ? old : [...old, id]))
  if (cameras.isError && !cameras.data) return <Failure title={t('cameras.failed')} error={cameras.error} retry={() => void cameras.refetch()} />
  if (!cameras.data) return <div className="near-tiles" aria-hidden="true">{[0, 1].map((at) => <div key={at} className="tile" />)}</div>
  if (near.length === 0) return <p className="muted">{cameras.data.length === 0 ? t('cameras.none') : t('video.noneNear', { distance: distance(withinMetres, language) })}</p>
  const wall = filled({ ...emptyWall }, near.map((one) => one.camera.id))
  return (
    <>
      <ul className="near-tiles">
        {near.map(({ camera, metres }) => (
          <li key={camera.id}>
            <button
              type="button" className="tile-door" aria-label={t('video.watch', { camera: camera.name, distance: distance(metres, language) })} aria-pressed={live.includes(camera.id)}
              onPointerEnter={(event) => event.pointerType === 'mouse' && open(camera.id)} onFocus={() => open(camera.id)} onClick={() => open(camera.id)}
            >
              <CameraTile small camera={camera} purpose={purpose} logged={incident.number} mode={live.includes(camera.id) ? 'live' : 'still'} finding={findings.find((one) => one.camera === camera.id)} />
            </button>
          </li>
        ))}
      </ul>
      <p className="near-note muted">
        <span>{t('video.ownersNote', { owners: new Intl.ListFormat(language, { type: 'conjunction' }).format(owners), incident: incident.number })}</span>
        <Link className="link" to="/video" search={{ wall: writeWall(wall, shortId), case: incident.id }}><Icon name="video" />{t('video.openWall')}</Link>
      </p>
    </>
  )
}
