import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import './video.css'
import { useRights } from '../../api/rights'
import type { Camera } from '../../api/types'
import { useCommand } from '../../commands'
import { useText } from '../../i18n'
import { cityNow, useNow } from '../../live'
import { Failure, Icon, Keys, Skeleton } from '../../ui'
import { camerasQuery, longId, notRecording, shortId } from '../cameras'
import { CameraManage } from './CameraManage'
import { CameraTree } from './CameraTree'
import { ExportPanel } from './ExportPanel'
import { NotRecording } from './NotRecording'
import { PlayClock } from './playClock'
import { PurposeBar } from './PurposeBar'
import { type Marks, TimelineBar } from './TimelineBar'
import { Transport } from './Transport'
import { Uptime } from './Uptime'
import { addPart } from './basket'
import { usePurpose } from './usePurpose'
import { healthQuery } from './video.queries'
import { emptyWall, filled, hung, readWall, resized, taken, type Wall, type WallSize, wallSizes, writeWall } from './wall'
import { WallGrid } from './WallGrid'
import type { VideoWhere } from '../cameras'

const route = getRouteApi('/video')

/** Cameras by tree and wall, live or at any recorded moment, all on one clock; what is wrong stands first. */
export function VideoScreen() {
  const { t } = useText()
  const where = route.useSearch()
  const navigate = route.useNavigate()
  const { changeCameras, exportVideo } = useRights()
  const cameras = useQuery(camerasQuery)
  const all = useMemo(() => cameras.data ?? [], [cameras.data])
  const findings = useQuery({ ...healthQuery, enabled: all.length > 0 }).data ?? []
  const screen = useRef<HTMLElement>(null)
  const [clock] = useState(() => new PlayClock(cityNow))
  const playing = useSyncExternalStore(clock.listen, clock.get)
  const second = useNow()
  const [wall, setWall] = useState<Wall>(() => (where.wall ? readWall(where.wall, longId) : emptyWall))
  const [marks, setMarks] = useState<Marks>({ in: null, out: null })
  const [sound, setSound] = useState(false)

  const go = useCallback((change: { [key in keyof VideoWhere]?: VideoWhere[key] | undefined }) => {
    void navigate({ search: (old) => ({ ...old, ...change }) as VideoWhere, replace: true })
  }, [navigate])
  const purpose = usePurpose(where.case, (incident) => go({ case: incident }))
  const change = useCallback((next: Wall) => {
    setWall(next)
    if (writeWall(next, shortId) !== writeWall(wall, shortId)) go({ wall: writeWall(next, shortId) })
  }, [go, wall])

  // A wall that nobody has filled yet shows the first cameras.
  const untouched = where.wall === undefined
  useEffect(() => {
    if (untouched && all.length > 0) setWall((old) => filled(old, all.map((one) => one.id)))
  }, [untouched, all])
  useEffect(() => {
    if (where.at) clock.seek(Date.parse(where.at), false)
    return () => clock.goLive()
  }, [clock, where.at])

  const wallTime = playing.live ? second : playing.wall
  const shown = useMemo(() => wall.places.slice(0, wall.size).flatMap((id) => all.find((one) => one.id === id) ?? []), [wall, all])
  const active = wall.places[wall.active] ?? null
  const mark = (which: 'in' | 'out') => setMarks((old) => marked(old, which, clock.wall()))
  const span = marks.in !== null && marks.out !== null && marks.out > marks.in ? { from: marks.in, to: marks.out } : null
  const add = () => {
    if (span === null) return
    const chosen = wall.large && active ? shown.filter((one) => one.id === active) : shown
    addPart(chosen.map((one) => ({ camera: one.id, from: new Date(span.from).toISOString(), to: new Date(span.to).toISOString() })))
    go({ panel: 'exports' })
  }
  const size = (to: WallSize) => {
    // A wall that was full and grows fills up; who left places free wants them so.
    const full = wall.places.slice(0, wall.size).every((one) => one !== null)
    const next = resized(wall, to)
    change(full ? filled(next, all.map((one) => one.id)) : next)
  }
  useCommand('wall1', () => size(1))
  useCommand('wall4', () => size(4))
  useCommand('wall9', () => size(9))
  useCommand('wall16', () => size(16))
  useCommand('playPause', () => clock.toggle())
  useCommand('backSecond', () => clock.step(-1_000))
  useCommand('onSecond', () => clock.step(1_000))
  useCommand('backTen', () => clock.step(-10_000))
  useCommand('onTen', () => clock.step(10_000))
  useCommand('backMinute', () => clock.step(-60_000))
  useCommand('onMinute', () => clock.step(60_000))
  useCommand('goLive', () => clock.goLive())
  useCommand('markIn', () => mark('in'))
  useCommand('markOut', () => mark('out'))
  useCommand('addSpan', add, true, !exportVideo ? t('video.noExport') : span === null ? t('video.markFirst') : null)
  useCommand('clearTile', () => change(taken(wall, wall.active)), active !== null)
  useCommand('search', () => screen.current?.querySelector<HTMLInputElement>('input[type=search]')?.focus())
  useCommand('back', () => {
    if (where.panel) go({ panel: where.panel === 'new' || where.panel === 'edit' || where.panel === 'import' ? 'manage' : undefined, camera: undefined })
    else if (wall.large) change({ ...wall, large: false })
    else clock.goLive()
  })

  const lost = notRecording(all)
  const wrong = findings.flatMap((finding) => {
    const camera = all.find((one) => one.id === finding.camera)
    return camera ? [{ finding, camera }] : []
  })
  const place = (camera: Camera) => change(hung(wall, camera.id))
  if (cameras.isError && !cameras.data) return <main className="video" id="main"><Failure title={t('cameras.failed')} error={cameras.error} retry={() => void cameras.refetch()} /></main>
  return (
    <main className={`video ${where.panel ? 'has-panel' : ''}`} id="main" ref={screen}>
      <h1 className="sr-only">{t('nav.video')}</h1>
      <section className="video-list" aria-label={t('cameras.title')} data-pane="cameras">
        <NotRecording lost={lost} of={all.filter((one) => one.record).length} findings={wrong} onShow={place} />
        <header className="pane-head">
          <h2>{t('cameras.title')}</h2>
          {cameras.data ? <span className="muted">{t('cameras.count', { count: all.length })}</span> : null}
          {changeCameras ? <button type="button" className="button is-quiet is-end" aria-pressed={where.panel === 'manage'} onClick={() => go({ panel: where.panel === 'manage' ? undefined : 'manage' })}>{t('cameras.manage')}</button> : null}
        </header>
        {cameras.isPending ? <Skeleton /> : <CameraTree cameras={all} onWall={shown.map((one) => one.id)} onPlace={place} />}
        {all.some((one) => one.record) ? <Uptime /> : null}
      </section>
      <div className="video-main">
        <div className="video-tools">
          <PurposeBar of={purpose} />
          <div className="segments" role="group" aria-label={t('video.tiles')}>
            {wallSizes.map((one) => <button key={one} type="button" aria-pressed={wall.size === one && !wall.large} aria-label={t('video.tilesOf', { count: one })} onClick={() => size(one)}>{one}</button>)}
          </div>
          <button type="button" className="button is-quiet" aria-pressed={sound} onClick={() => setSound(!sound)}><Icon name="sound" /><span>{t('video.sound')}</span></button>
          <button type="button" className="button is-quiet" aria-pressed={where.panel === 'exports'} onClick={() => go({ panel: where.panel === 'exports' ? undefined : 'exports' })}><Icon name="save" /><span>{t('video.exports')}</span></button>
        </div>
        {purpose.chosen.words === null ? <p className="purpose-hint" role="note"><Icon name="key" />{t('video.choosePurpose')}</p> : null}
        <WallGrid wall={wall} onWall={change} cameras={all} chosen={purpose.chosen} live={playing.live} clock={clock} findings={findings} sound={sound} />
        <Transport clock={clock} playing={playing} wall={wallTime} marks={marks} onMark={mark} onClear={() => setMarks({ in: null, out: null })} onAdd={add} mayAdd={exportVideo && span !== null} />
        <TimelineBar cameras={shown} active={active} wall={wallTime} live={playing.live} marks={marks} purpose={purpose.chosen.words === null ? null : purpose.chosen.purpose} onSeek={(moment) => clock.seek(moment)} onMarks={setMarks} onPick={(id) => change({ ...wall, active: Math.max(0, wall.places.indexOf(id)) })} />
      </div>
      {where.panel ? (
        <aside className="video-side" aria-label={t(where.panel === 'exports' ? 'video.exports' : 'cameras.manage')} data-pane="side">
          {where.panel === 'exports' ? (
            <ExportPanel cameras={all} chosen={purpose.chosen} incident={where.case} may={exportVideo} onClose={() => go({ panel: undefined })} onShow={(part) => { change(hung(wall, part.camera)); clock.seek(Date.parse(part.from), false); setMarks({ in: Date.parse(part.from), out: Date.parse(part.to) }) }} />
          ) : (
            <CameraManage panel={where.panel} camera={where.camera} cameras={all} onGo={go} />
          )}
        </aside>
      ) : null}
      <p className="sr-only" aria-live="polite">{lost.length > 0 ? t('status.camerasLost', { lost: lost.length, of: all.filter((one) => one.record).length }) : ''}</p>
      <span className="video-help" aria-hidden="true"><Keys command="keySheet" /></span>
    </main>
  )
}

/** A mark beyond the other one puts that one away. */
export function marked(marks: Marks, which: 'in' | 'out', wall: number): Marks {
  if (which === 'in') return { in: wall, out: marks.out !== null && marks.out > wall ? marks.out : null }
  return { in: marks.in !== null && marks.in < wall ? marks.in : null, out: wall }
}
