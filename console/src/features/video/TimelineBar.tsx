import { useQueries } from '@tanstack/react-query'
import { type PointerEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useCity } from '../../api/session'
import type { Camera } from '../../api/types'
import { clock as clockText } from '../../format'
import { useText } from '../../i18n'
import { cityNow, useNow } from '../../live'
import { Icon } from '../../ui'
import { type Axis, bars, dayOf, dayStart, hour, minute, nextDay, pan, reveal, ticks, timeAt, xOf, zoom } from './axis'
import type { Purpose } from './purpose'
import { useThumb } from './useThumb'
import { type CameraDay, dayQuery, reasonAt } from './video.queries'

export type Marks = { in: number | null; out: number | null }
type Props = { cameras: readonly Camera[]; active: string | null; wall: number; live: boolean; marks: Marks; purpose: Purpose | null; onSeek: (wall: number) => void; onMarks: (marks: Marks) => void; onPick: (camera: string) => void }

const rowHeight = 24
const rulerHeight = 24

/** What is recorded of the chosen cameras in one day, and where one is in it. Time runs from left to right in every language. */
export function TimelineBar({ cameras, active, wall, live, marks, purpose, onSeek, onMarks, onPick }: Props) {
  const { t, language } = useText()
  const city = useCity()
  const zone = city.timeZone
  const frame = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(600)
  const second = useNow()
  const today = dayOf(second, zone)
  const day = dayOf(wall, zone)
  const bounds = useMemo<Axis>(() => ({ from: dayStart(day, zone), to: dayStart(nextDay(day, 1), zone) }), [day, zone])
  const [axis, setAxis] = useState<Axis>(() => firstView(wall, bounds))
  const [hover, setHover] = useState<{ x: number; row: number; left: number; bottom: number } | null>(null)
  const drag = useRef<'seek' | 'in' | 'out' | null>(null)
  const days = useQueries({ queries: cameras.map((camera) => dayQuery(camera.id, day, day === today)) })
  const at = (moment: number) => clockText(moment, language, zone)

  useLayoutEffect(() => {
    const element = frame.current
    if (!element) return
    const size = new ResizeObserver(() => setWidth(element.clientWidth))
    size.observe(element)
    setWidth(element.clientWidth)
    return () => size.disconnect()
  }, [])
  const shown = axis.from >= bounds.from && axis.to <= bounds.to ? axis : firstView(wall, bounds)
  useEffect(() => setAxis((old) => (old.from >= bounds.from && old.to <= bounds.to ? old : firstView(wall, bounds))), [bounds])
  const coarse = Math.floor(wall / 1_000)
  useEffect(() => {
    if (drag.current === null) setAxis((old) => reveal(old, Math.min(wall, bounds.to), bounds))
  }, [coarse, bounds])
  useEffect(() => {
    const element = frame.current
    if (!element) return
    const wheel = (event: WheelEvent) => {
      event.preventDefault()
      const box = element.getBoundingClientRect()
      setAxis((old) => (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)
        ? pan(old, ((event.deltaX || event.deltaY) / box.width) * (old.to - old.from), bounds)
        : zoom(old, timeAt(event.clientX - box.left, old, box.width), event.deltaY > 0 ? 1.25 : 0.8, bounds)))
    }
    element.addEventListener('wheel', wheel, { passive: false })
    return () => element.removeEventListener('wheel', wheel)
  }, [bounds])

  const momentOf = (event: PointerEvent) => timeAt(event.clientX - (frame.current?.getBoundingClientRect().left ?? 0), shown, width)
  const moved = (event: PointerEvent) => {
    const box = frame.current?.getBoundingClientRect()
    if (box) setHover({ x: event.clientX - box.left, row: Math.floor((event.clientY - box.top - rulerHeight) / rowHeight), left: Math.max(96, Math.min(innerWidth - 96, event.clientX)), bottom: innerHeight - (frame.current?.parentElement ?? document.body).getBoundingClientRect().top + 4 })
    const moment = momentOf(event)
    if (drag.current === 'seek') onSeek(moment)
    else if (drag.current === 'in') onMarks({ ...marks, in: moment })
    else if (drag.current === 'out') onMarks({ ...marks, out: moment })
  }
  const grab = (what: 'seek' | 'in' | 'out') => (event: PointerEvent) => {
    if (event.button !== 0) return
    event.stopPropagation()
    frame.current?.setPointerCapture(event.pointerId)
    drag.current = what
    if (what === 'seek') onSeek(momentOf(event))
  }
  const toDay = (wanted: string) => {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(wanted) || wanted > today) return
    const from = dayStart(wanted, zone)
    onSeek(wanted === today ? cityNow() - minute : from + (wall - bounds.from))
  }
  const height = rulerHeight + Math.max(1, cameras.length) * rowHeight
  const hovered = hover === null ? null : timeAt(hover.x, shown, width)
  const hoveredDay = hover ? days[hover.row]?.data : undefined
  const hoveredReason = hovered === null ? null : reasonAt(hoveredDay, hovered)
  const hoveredCamera = hover ? cameras[hover.row] : undefined
  const covered = hovered !== null && hovered < second - 10_000 && (hoveredDay?.covered.some((one) => hovered >= one.from && hovered < one.to) ?? false)
  const thumb = useThumb(hoveredCamera?.id ?? null, covered && drag.current === null ? hovered : null, (shown.to - shown.from) / width, purpose)
  const handle = (which: 'in' | 'out') => {
    const moment = marks[which]
    if (moment === null || moment < shown.from || moment > shown.to) return null
    return (
      <div
        className={`mark is-${which}`} role="slider" tabIndex={0} aria-label={t(which === 'in' ? 'video.in' : 'video.out')} aria-valuemin={bounds.from} aria-valuemax={bounds.to} aria-valuenow={Math.round(moment)} aria-valuetext={at(moment)}
        style={{ left: xOf(moment, shown, width) }} onPointerDown={grab(which)}
        onKeyDown={(event) => {
          const by = { ArrowLeft: -1_000, ArrowRight: 1_000 }[event.key]
          if (event.key === 'Delete' || event.key === 'Backspace') onMarks({ ...marks, [which]: null })
          else if (by === undefined) return
          else onMarks({ ...marks, [which]: moment + by * (event.shiftKey ? 10 : event.ctrlKey ? 60 : 1) })
          event.preventDefault()
          event.stopPropagation()
        }}
      >{which === 'in' ? '[' : ']'}</div>
    )
  }
  return (
    <section className="timeline-bar" dir="ltr" aria-label={t('video.timeline')} data-pane="timeline">
      <div className="timeline-names">
        <div className="timeline-day">
          <button type="button" className="button is-bare" aria-label={t('video.dayBefore')} onClick={() => toDay(nextDay(day, -1))}>{'‹'}</button>
          <input type="date" className="timeline-date" value={day} max={today} aria-label={t('video.day')} onChange={(event) => toDay(event.target.value)} />
          <button type="button" className="button is-bare" aria-label={t('video.dayAfter')} disabled={day >= today} onClick={() => toDay(nextDay(day, 1))}>{'›'}</button>
        </div>
        {cameras.map((camera) => <button key={camera.id} type="button" className={`timeline-name ${camera.id === active ? 'is-active' : ''}`} onClick={() => onPick(camera.id)}><bdi className="one-line">{camera.name}</bdi></button>)}
      </div>
      <div
        ref={frame} className="timeline-frame" style={{ height }} tabIndex={-1} role="slider" aria-label={t('video.moment')} aria-valuemin={bounds.from} aria-valuemax={bounds.to} aria-valuenow={Math.round(wall)} aria-valuetext={live ? t('video.live') : at(wall)}
        onPointerDown={grab('seek')} onPointerMove={moved} onPointerUp={() => { drag.current = null }} onPointerCancel={() => { drag.current = null }} onPointerLeave={() => setHover(null)}
      >
        <svg width={width} height={height} aria-hidden="true">
          <defs><pattern id="gap-hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect className="gap-ground" width="5" height="5" /><rect className="gap-line" width="1.6" height="5" /></pattern></defs>
          {ticks(shown, width, zone).map((tick) => {
            const x = xOf(tick.at, shown, width)
            return <g key={tick.at}><line className={tick.strong ? 'tick is-strong' : 'tick'} x1={x} x2={x} y1={rulerHeight - 4} y2={height} /><text className="tick-label" x={x + 3} y={rulerHeight - 7}>{tick.label}</text></g>
          })}
          {cameras.map((camera, row) => <Row key={camera.id} day={days[row]?.data} axis={shown} width={width} y={rulerHeight + row * rowHeight} until={day === today ? second : bounds.to} />)}
          {marks.in !== null && marks.out !== null && marks.out > marks.in ? <rect className="marked" x={xOf(marks.in, shown, width)} y={0} width={Math.max(1, xOf(marks.out, shown, width) - xOf(marks.in, shown, width))} height={height} /> : null}
          <line className={live ? 'playhead is-live' : 'playhead'} x1={xOf(wall, shown, width)} x2={xOf(wall, shown, width)} y1={0} y2={height} />
          {hover ? <line className="hover-line" x1={hover.x} x2={hover.x} y1={0} y2={height} /> : null}
        </svg>
        {handle('in')}{handle('out')}
        {hovered !== null && hover && drag.current === null ? (
          <div className="timeline-tip" style={{ left: hover.left, bottom: hover.bottom }} dir="auto">
            {thumb ? <img src={thumb} alt="" /> : null}<b>{at(hovered)}</b>{hoveredReason ? <span>{t(`video.gaps.${hoveredReason}`)}</span> : null}
          </div>
        ) : null}
      </div>
      <div className="timeline-zoom">
        <button type="button" aria-label={t('video.zoomIn')} onClick={() => setAxis(zoom(shown, wall, 0.5, bounds))}><Icon name="plus" /></button>
        <button type="button" aria-label={t('video.zoomOut')} onClick={() => setAxis(zoom(shown, wall, 2, bounds))}><Icon name="minus" /></button>
        <button type="button" aria-label={t('video.wholeDay')} onClick={() => setAxis(bounds)}><Icon name="fit" /></button>
      </div>
    </section>
  )
}

function firstView(wall: number, bounds: Axis): Axis {
  return reveal(zoom(bounds, Math.min(wall, bounds.to), hour / (bounds.to - bounds.from), bounds), Math.min(wall, bounds.to), bounds)
}

function Row({ day, axis, width, y, until }: { day: CameraDay | undefined; axis: Axis; width: number; y: number; until: number }) {
  const end = Math.min(width, xOf(until, axis, width))
  return (
    <g>
      {end > 0 ? <rect className="lane" x={0} y={y + 4} width={end} height={rowHeight - 8} /> : null}
      {day ? bars(day.covered.map((one) => ({ from: one.from, to: Math.min(one.to, until) })), axis, width).map((bar) => <rect key={bar.x} className="covered" x={bar.x} y={y + 4} width={bar.width} height={rowHeight - 8} />) : null}
      {day ? bars(day.gaps, axis, width).map((bar) => <rect key={bar.x} className="gap" fill="url(#gap-hatch)" x={bar.x} y={y + 4} width={bar.width} height={rowHeight - 8} />) : null}
    </g>
  )
}
