import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { request } from '../../api/http'
import { cacheKeys } from '../../api/keys'
import { useCity, useSignedIn } from '../../api/session'
import { clock, dayAndClock } from '../../format'
import { useText } from '../../i18n'
import { Icon } from '../../ui'
import { seekSpurt, useReplaying } from './replay'
import type { Spurt } from './talk.queries'
import { underGrant } from './talkGrant'
import { usePlaySpurt } from './useReplay'

/** One talk that was recorded: who, when, how long; played with one press. The waveform comes with the first. */
export function SpurtRow({ spurt, showGroup = false, showTime = true }: { spurt: Spurt; showGroup?: boolean; showTime?: boolean }) {
  const { t, language } = useText()
  const city = useCity()
  const playIt = usePlaySpurt()
  const replaying = useReplaying()
  const [opened, setOpened] = useState(false)
  const mine = replaying?.id === spurt.id ? replaying : null
  const seconds = new Intl.NumberFormat(`${language}-u-nu-latn`, { style: 'unit', unit: 'second', unitDisplay: 'narrow', maximumFractionDigits: 0 }).format(Math.max(1, Math.round(spurt.seconds)))
  const label = t('talk.playSpurt', { name: spurt.name, at: clock(spurt.began, language, city.timeZone), length: seconds })
  return (
    <li className={`spurt ${showTime ? '' : 'is-timeless'} ${mine ? 'is-playing' : ''} is-${spurt.urgency}`}>
      {spurt.recorded ? (
        <button type="button" className="button is-bare spurt-play" aria-label={mine?.state === 'playing' ? t('talk.stopReplay') : label} onClick={() => { setOpened(true); playIt(spurt) }}>
          <Icon name={mine?.state === 'loading' ? 'wait' : mine?.state === 'playing' ? 'pause' : 'play'} />
        </button>
      ) : <span className="spurt-play" title={t('talk.notRecorded')}><Icon name="minus" /><span className="sr-only">{t('talk.notRecorded')}</span></span>}
      {showTime ? <time dateTime={spurt.began} title={dayAndClock(spurt.began, language, city.timeZone)}>{clock(spurt.began, language, city.timeZone)}</time> : null}
      <span className="spurt-who one-line"><bdi>{spurt.name}</bdi>{showGroup ? <> <bdi className="muted">{spurt.groupName}</bdi></> : null}{spurt.urgency === 'emergency' ? <> <b className="is-bad">{t('talk.emergency')}</b></> : null}</span>
      <span className="muted spurt-length">{seconds}</span>
      {mine?.state === 'failed' ? <p className="field-error" role="alert"><Icon name="alert" />{t('talk.replayFailed')}{mine.why ? <bdi className="muted">{mine.why}</bdi> : null}</p> : null}
      {opened && mine?.state !== 'failed' ? <Waveform spurt={spurt} part={mine && mine.of > 0 ? mine.at / mine.of : 0} /> : null}
    </li>
  )
}

const bars = 200
const height = 24

/** How loud it was over time, as far as the packets tell. Pressing it goes there while it plays; the arrows of the keyboard do, too. */
function Waveform({ spurt, part }: { spurt: Spurt; part: number }) {
  const { t } = useText()
  const city = useCity()
  const session = useSignedIn()
  const peaks = useQuery({
    queryKey: cacheKeys.waveform(spurt.id),
    queryFn: () => underGrant(session, city, spurt.incident ?? null, (grant) => request<{ peaks: number[] }>('GET', `/api/talk/spurts/${encodeURIComponent(spurt.id)}/waveform`, { grant })),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  }).data?.peaks
  if (!peaks || peaks.length === 0) return null
  return (
    <div
      className="waveform" role="slider" tabIndex={0} aria-label={t('talk.position')} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(part * 100)}
      onClick={(event) => {
        const box = event.currentTarget.getBoundingClientRect()
        const along = (event.clientX - box.left) / box.width
        seekSpurt(getComputedStyle(event.currentTarget).direction === 'rtl' ? 1 - along : along)
      }}
      onKeyDown={(event) => {
        const by = { ArrowLeft: -0.1, ArrowRight: 0.1, Home: -1, End: 1 }[event.key]
        if (by === undefined) return
        event.preventDefault()
        event.stopPropagation()
        seekSpurt(part + by)
      }}
    >
      <svg viewBox={`0 0 ${bars} ${height}`} preserveAspectRatio="none" aria-hidden="true">
        <path className="is-ahead" d={outline(peaks, 0, peaks.length)} />
        <path className="is-past" d={outline(peaks, 0, Math.round(peaks.length * part))} />
      </svg>
    </div>
  )
}

/** One stroke for each peak, mirrored about the middle. */
export function outline(peaks: readonly number[], from: number, to: number): string {
  const step = bars / Math.max(1, peaks.length)
  return peaks.slice(from, to).map((peak, at) => {
    const half = Math.max(0.5, (Math.min(255, Math.max(0, peak)) / 255) * (height / 2))
    return `M${((from + at + 0.5) * step).toFixed(2)} ${(height / 2 - half).toFixed(2)}v${(2 * half).toFixed(2)}`
  }).join('')
}
