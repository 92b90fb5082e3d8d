import { useCity } from '../../api/session'
import { clock as clockText, isoDay } from '../../format'
import { useText } from '../../i18n'
import { cityNow } from '../../live'
import { Icon, Keys } from '../../ui'
import type { PlayClock, Playing } from './playClock'
import type { Marks } from './TimelineBar'

const rates = [0.5, 1, 2, 4, 8] as const
type Props = { clock: PlayClock; playing: Playing; wall: number; marks: Marks; onMark: (which: 'in' | 'out') => void; onClear: () => void; onAdd: () => void; mayAdd: boolean }

/** Play, pause, steps and marks. Media controls stay from left to right in every language. */
export function Transport({ clock, playing, wall, marks, onMark, onClear, onAdd, mayAdd }: Props) {
  const { t, language } = useText()
  const city = useCity()
  const runs = playing.live || playing.playing
  const at = (moment: number) => clockText(moment, language, city.timeZone)
  return (
    <div className="transport" dir="ltr" role="group" aria-label={t('video.controls')}>
      <button type="button" className="button is-quiet" aria-label={t('commands.backTen')} onClick={() => clock.step(-10_000)}><Icon name="back" />{'10'}</button>
      <button type="button" className="button is-quiet is-play" aria-label={t(runs ? 'video.pause' : 'video.play')} onClick={() => clock.toggle()}><Icon name={runs ? 'pause' : 'play'} /><Keys command="playPause" /></button>
      <button type="button" className="button is-quiet" aria-label={t('commands.onTen')} disabled={playing.live} onClick={() => clock.step(10_000)}>{'10'}<Icon name="on" /></button>
      <output className="transport-time">
        {playing.live ? <b className="live-word">{t('video.live')}</b> : <><b>{at(wall)}</b> <span className="muted">{isoDay(wall, city.timeZone) === isoDay(cityNow(), city.timeZone) ? null : isoDay(wall, city.timeZone)}</span></>}
      </output>
      <button type="button" className="button is-quiet" disabled={playing.live} onClick={() => clock.goLive()}><span className="live-dot" />{t('video.toLive')}<Keys command="goLive" /></button>
      <label className="select"><span className="sr-only">{t('video.speed')}</span>
        <select value={playing.live ? 1 : playing.rate} disabled={playing.live} onChange={(event) => { clock.setRate(Number(event.target.value)); event.target.blur() }}>{rates.map((rate) => <option key={rate} value={rate}>{`${rate}×`}</option>)}</select>
      </label>
      <span className="transport-marks">
        <button type="button" className="button is-quiet" onClick={() => onMark('in')}>{'['} <bdi>{marks.in === null ? t('video.in') : at(marks.in)}</bdi><Keys command="markIn" /></button>
        <button type="button" className="button is-quiet" onClick={() => onMark('out')}><bdi>{marks.out === null ? t('video.out') : at(marks.out)}</bdi> {']'}<Keys command="markOut" /></button>
        {marks.in !== null || marks.out !== null ? <button type="button" className="button is-bare" aria-label={t('video.clearMarks')} onClick={onClear}><Icon name="close" /></button> : null}
        <button type="button" className="button" disabled={!mayAdd} title={mayAdd ? undefined : t('video.markFirst')} onClick={onAdd}>{t('video.addSpan')}<Keys command="addSpan" /></button>
      </span>
    </div>
  )
}
