import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { Problem } from '../../api/http'
import { useCity } from '../../api/session'
import type { Camera } from '../../api/types'
import { clock, nameIn } from '../../format'
import { useText } from '../../i18n'
import { cityNow } from '../../live'
import { Icon } from '../../ui'
import { CameraSign, signOf } from '../cameras'
import { dayOf } from './axis'
import type { Live } from './live'
import { LiveSession } from './liveSession'
import { Playback, type PlayState } from './playback'
import type { PlayClock, Playing } from './playClock'
import type { Purpose } from './purpose'
import { useStill } from './useStill'
import { useStream } from './useStream'
import { dayQuery, type Finding, reasonAt } from './video.queries'

type Props = {
  camera: Camera
  purpose: Purpose
  /** For what the view is logged, in words; null: for nothing yet. */
  logged: string | null
  /** A still picture, the live one, or the recording led by the clock. */
  mode: 'still' | 'live' | 'play'
  clock?: PlayClock
  finding?: Finding | undefined
  sound?: boolean
  small?: boolean
  children?: ReactNode
}

/** One camera's picture: a still at once, then what is asked for over it; whose it is, and that the view is written down. */
export function CameraTile({ camera, purpose, logged, mode, clock: common, finding, sound = false, small = false, children }: Props) {
  const { t, language } = useText()
  const city = useCity()
  const video = useRef<HTMLVideoElement>(null)
  const tile = useRef<HTMLElement>(null)
  const stream = useStream(tile)
  const [live, setLive] = useState<Live>({ phase: 'idle' })
  const [play, setPlay] = useState<PlayState>({ kind: 'loading' })
  const streams = camera.state === 'recording'
  const moving = mode === 'live' ? live.phase === 'playing' : mode === 'play' && play.kind === 'shown'
  const still = useStill(camera.id, purpose, mode === 'still' || (mode === 'live' && live.phase !== 'playing'), small ? 320 : 640)
  const { grant, case: incident } = purpose

  useEffect(() => {
    const element = video.current
    if (!element || mode !== 'live' || !streams || stream === null) return
    const session = new LiveSession(element, camera.id, { grant, case: incident }, stream, setLive)
    session.start()
    return () => session.close()
  }, [camera.id, grant, incident, mode, streams, stream])
  useEffect(() => {
    const element = video.current
    if (!element || mode !== 'play' || !common) return
    setPlay({ kind: 'loading' })
    const playback = new Playback(element, camera.id, { grant, case: incident }, setPlay, cityNow)
    const leave = common.join(playback)
    return () => {
      leave()
      playback.close()
    }
  }, [camera.id, grant, incident, mode, common])
  useEffect(() => {
    if (video.current) video.current.muted = !sound
  }, [sound])

  const denied = mode === 'play' ? (play.kind === 'refused' ? play.problem : null) : live.phase === 'refused' ? live.problem : still.problem && [401, 403].includes(still.problem.status) ? still.problem : null
  const organisation = city.organisations.find((one) => one.id === camera.organisation)
  const sign = signOf(camera)
  const at = (moment: string) => clock(moment, language, city.timeZone).slice(0, 5)
  return (
    <figure ref={tile} className={`tile ${moving ? 'is-moving' : ''} ${mode !== 'play' && (sign === 'lost' || sign === 'off' || finding) ? 'is-poor' : ''}`}>
      {still.src && mode !== 'play' ? <img className="tile-still" src={still.src} alt={t('video.stillOf', { camera: camera.name })} draggable={false} /> : null}
      {mode === 'still' ? null : <video ref={video} className="tile-video" muted playsInline disablePictureInPicture aria-label={t('video.pictureOf', { camera: camera.name })} />}
      {denied ? <Denied problem={denied} /> : mode === 'play' ? <Hole camera={camera} state={play} clock={common} /> : still.src || moving ? null : <span className="tile-middle" role="status">{sign === 'lost' || sign === 'off' ? camera.reason || t(`cameras.states.${sign}`) : still.problem ? still.problem.detail ?? still.problem.title : t('states.loading')}</span>}
      <figcaption>
        <span className="tile-owner one-line"><bdi>{nameIn(organisation?.name ?? camera.organisation, language, city.languages)}</bdi>{logged === null ? null : <> · <Icon name="key" />{t('video.loggedFor', { purpose: logged })}</>}</span>
        <span className="tile-foot">
          <span className={`tile-state is-${mode === 'play' ? 'play' : finding ? 'finding' : sign}`}>
            {mode === 'play' ? null : <CameraSign sign={finding && sign === 'recording' ? 'lost' : sign} />}
            <span className="one-line">
              {mode === 'play' ? t('video.recorded') : sign === 'lost' ? t('video.lostSince', { at: at(camera.stateSince) }) : finding ? t(`video.findings.${finding.kind}`, { at: at(finding.since) }) : sign === 'off' ? t('cameras.states.off') : mode === 'live' ? <LiveWord live={live} /> : still.src ? t('video.still', { at: clock(still.at, language, city.timeZone).slice(0, 5) }) : t(`cameras.states.${sign}`)}
            </span>
          </span>
          <bdi className="tile-name one-line">{camera.name}</bdi>
        </span>
      </figcaption>
      {children}
    </figure>
  )
}

function LiveWord({ live }: { live: Live }) {
  const { t } = useText()
  switch (live.phase) {
    case 'playing':
      return <b className="live-word">{live.via === 'hls' ? t('video.liveLate') : t('video.live')}</b>
    case 'waiting':
      return <>{t(live.why === 'stalled' ? 'video.stalledAgain' : 'video.again')}</>
    case 'refused':
      return <>{t('video.refused')}</>
    default:
      return <>{t('video.connecting')}</>
  }
}

/** What may not be seen says why and what opens it. */
function Denied({ problem }: { problem: Problem }) {
  const { t } = useText()
  return (
    <span className="tile-middle is-denied" role="status" title={problem.detail}>
      <Icon name="key" />
      <strong>{t('video.denied')}</strong>
      <span>{t('video.deniedRemedy')}</span>
    </span>
  )
}

const quiet: Playing = { live: true }

/** Nothing was recorded at this moment, and why. */
function Hole({ camera, state, clock: common }: { camera: Camera; state: PlayState; clock: PlayClock | undefined }) {
  const { t } = useText()
  const city = useCity()
  const playing = useSyncExternalStore(common?.listen ?? (() => () => {}), () => common?.get() ?? quiet)
  const wall = playing.live ? cityNow() : playing.wall
  const day = dayOf(wall, city.timeZone)
  const told = useQuery({ ...dayQuery(camera.id, day, day === dayOf(cityNow(), city.timeZone)), enabled: state.kind === 'hole' })
  if (state.kind === 'shown') return null
  const reason = reasonAt(told.data, wall)
  return (
    <span className="tile-middle" role="status">
      {state.kind === 'hole' ? <><strong>{t('video.notRecorded')}</strong>{reason ? <span>{t(`video.gaps.${reason}`)}</span> : null}</> : state.kind === 'failed' ? t('video.playFailed') : t('states.loading')}
    </span>
  )
}
