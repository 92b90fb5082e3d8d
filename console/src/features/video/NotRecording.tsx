import type { Camera } from '../../api/types'
import { useCity } from '../../api/session'
import { dayAndClock, nameIn } from '../../format'
import { useText } from '../../i18n'
import { Age, Icon } from '../../ui'
import { CameraSign } from '../cameras'
import type { Finding } from './video.queries'

type Props = { lost: readonly Camera[]; of: number; findings: readonly { finding: Finding; camera: Camera }[]; onShow: (camera: Camera) => void }

/** What is wrong comes first: cameras that are not on disk now, and pictures that show nothing. */
export function NotRecording({ lost, of, findings, onShow }: Props) {
  const { t, language } = useText()
  const city = useCity()
  if (lost.length === 0 && findings.length === 0) return null
  const owner = (camera: Camera) => nameIn(city.organisations.find((one) => one.id === camera.organisation)?.name ?? camera.organisation, language, city.languages)
  return (
    <section className="not-recording" aria-label={t('video.notRecordingNow')}>
      <h2><Icon name="alert" />{lost.length > 0 ? t('video.notRecordingNow') : t('video.poorPictures')} {lost.length > 0 ? <span className="muted">{t('video.lostOf', { lost: lost.length, of })}</span> : null}</h2>
      <ul>
        {lost.map((camera) => (
          <li key={camera.id}>
            <button type="button" onClick={() => onShow(camera)}>
              <CameraSign sign="lost" />
              <span className="not-recording-what"><span className="one-line"><bdi>{camera.name}</bdi> <small><bdi>{owner(camera)}</bdi></small></span><small className="one-line" dir="auto" title={camera.reason}>{camera.reason || t(`cameras.states.${camera.state === 'connecting' ? 'connecting' : 'lost'}`)}</small></span>
              <span title={dayAndClock(camera.stateSince, language, city.timeZone)}><Age since={camera.stateSince} /></span>
            </button>
          </li>
        ))}
        {findings.map(({ finding, camera }) => (
          <li key={finding.id}>
            <button type="button" onClick={() => onShow(camera)}>
              <CameraSign sign="lost" />
              <span className="not-recording-what"><span className="one-line"><bdi>{camera.name}</bdi> <small><bdi>{owner(camera)}</bdi></small></span><small className="one-line">{t(`video.findingWords.${finding.kind}`)}</small></span>
              <Age since={finding.since} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
