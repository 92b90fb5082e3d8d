import { type KeyboardEvent, useEffect, useRef } from 'react'
import type { Camera } from '../../api/types'
import { useText } from '../../i18n'
import { Icon } from '../../ui'
import { CameraTile } from './CameraTile'
import type { PlayClock } from './playClock'
import type { Chosen } from './usePurpose'
import type { Finding } from './video.queries'
import { hung, pressed, shownPlaces, sideOf, taken, type Wall } from './wall'

type Props = { wall: Wall; onWall: (wall: Wall) => void; cameras: readonly Camera[]; chosen: Chosen; live: boolean; clock: PlayClock; findings: readonly Finding[]; sound: boolean }

/** The wall: arrows go from place to place, Enter enlarges, a drag or Enter in the list hangs a camera. */
export function WallGrid({ wall, onWall, cameras, chosen, live, clock, findings, sound }: Props) {
  const { t } = useText()
  const frame = useRef<HTMLDivElement>(null)
  const had = useRef(false)
  const side = wall.large ? 1 : sideOf(wall.size)
  const places = shownPlaces(wall)
  useEffect(() => {
    if (had.current) frame.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus({ preventScroll: true })
  }, [wall.active, wall.large, wall.size])
  const heard = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || (event.target as Element).closest('button')) return
    const next = pressed(wall, event.key)
    if (next === null) return
    event.preventDefault()
    event.stopPropagation()
    onWall(next)
  }
  const rows = Array.from({ length: side }, (_, row) => places.slice(row * side, row * side + side))
  return (
    <div
      ref={frame} className={`wall is-${wall.large ? 1 : wall.size}`} role="grid" aria-label={t('video.wall')} data-pane="wall"
      onKeyDown={heard} onFocus={() => { had.current = true }} onBlur={(event) => { had.current = event.currentTarget.contains(event.relatedTarget) }}
    >
      {rows.map((row, at) => (
        <div key={at} role="row" className="wall-row">
          {row.map((place) => {
            const id = wall.places[place] ?? null
            const camera = cameras.find((one) => one.id === id)
            return (
              <div
                key={place} role="gridcell" tabIndex={place === wall.active ? 0 : -1} aria-selected={place === wall.active}
                aria-label={camera ? camera.name : t('video.emptyPlace', { place: place + 1 })}
                className={`place ${place === wall.active ? 'is-active' : ''} ${camera ? '' : 'is-empty'}`}
                draggable={camera !== undefined}
                onDragStart={(event) => camera && event.dataTransfer.setData('text/x-camera', camera.id)}
                onDragOver={(event) => { if (event.dataTransfer.types.includes('text/x-camera')) event.preventDefault() }}
                onDrop={(event) => { event.preventDefault(); const dropped = event.dataTransfer.getData('text/x-camera'); if (dropped) onWall(hung(wall, dropped, place)) }}
                onClick={() => onWall({ ...wall, active: place })}
                onDoubleClick={() => camera && onWall({ ...wall, active: place, large: !wall.large })}
              >
                {camera ? (
                  <CameraTile key={camera.id} camera={camera} purpose={chosen.purpose} logged={chosen.words} mode={live ? 'live' : 'play'} clock={clock} finding={findings.find((one) => one.camera === camera.id)} sound={sound && place === wall.active}>
                    <span className="tile-tools">
                      <button type="button" tabIndex={-1} aria-label={t(wall.large ? 'video.smaller' : 'video.larger', { camera: camera.name })} onClick={(event) => { event.stopPropagation(); onWall({ ...wall, active: place, large: !wall.large }) }}><Icon name="fit" /></button>
                      <button type="button" tabIndex={-1} aria-label={t('video.takeDown', { camera: camera.name })} onClick={(event) => { event.stopPropagation(); onWall(taken({ ...wall, active: place }, place)) }}><Icon name="close" /></button>
                    </span>
                  </CameraTile>
                ) : <span className="place-hint"><Icon name="video" />{id === null ? t('video.emptyHint') : t('video.goneCamera')}</span>}
              </div>
            )
          })}
        </div>
      ))}
    </div>
  )
}
