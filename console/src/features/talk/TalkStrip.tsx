import './talk.css'
import { useEffect, useRef, useState } from 'react'
import { useCity, useSignedIn } from '../../api/session'
import { roughly } from '../../format'
import { useText } from '../../i18n'
import { useNow } from '../../live'
import { Icon, Keys } from '../../ui'
import { shutsAt } from './press'
import type { TalkGroup } from './protocol'
import { radio, useRadio, useSignedOn } from './radio'
import { useReplay } from './useReplay'
import { alarms, talkersIn, type TalkState } from './state'
import { EmergencyButton, TalkButton } from './TalkButton'
import { preferGroup, useTalkPreferences } from './talkPreferences'
import { AlarmSign, RecordedSign, VoiceSign } from './TalkSigns'
import { useTalkInputs } from './useTalkInputs'
import { causeWords, floorWords, partyWords, standingOf } from './words'

/** The radio on every screen: which groups one is in, who talks, how one stands, and the button. */
export function TalkStrip() {
  const { t } = useText()
  const session = useSignedIn()
  const { state } = useRadio()
  useSignedOn(`${session.person.id} ${session.organisation.id} ${session.seat?.id ?? ''}`)
  useTalkInputs()
  const replay = useReplay()
  const preferences = useTalkPreferences()
  const joined = state.groups.filter((one) => one.affiliated || one.id === state.selected)
  const selected = state.groups.find((one) => one.id === radio.target())
  const muted = selected ? (preferences.groups[selected.id]?.muted ?? false) : false
  return (
    <section className={`talk-strip is-${state.line}`} aria-label={t('talk.strip')} data-pane="talk">
      <div className="talk-cards" role="group" aria-label={t('talk.groups')}>
        {joined.map((one) => <Card key={one.id} group={one} state={state} />)}
        {joined.length === 0 ? <p className="talk-none">{t(state.line === 'open' ? 'talk.noGroups' : `talk.line.${state.line}`)}{state.line === 'waiting' || state.line === 'refused' ? <button type="button" className="link" onClick={() => radio.retry()}>{t('actions.retryNow')}</button> : null}</p> : null}
      </div>
      <MyState state={state} />
      <Quality />
      {selected ? (
        <button type="button" className="button is-bare" aria-pressed={muted} aria-label={t(muted ? 'talk.unmute' : 'talk.mute', { group: selected.name })} title={t(muted ? 'talk.unmute' : 'talk.mute', { group: selected.name })} onClick={() => preferGroup(selected.id, { muted: !muted })}>
          <Icon name={muted ? 'muted' : 'sound'} />
        </button>
      ) : null}
      {replay.last ? <button type="button" className="button is-bare" aria-label={t('talk.replayLast')} title={t('talk.replayLast')} onClick={replay.playLast}><Icon name="again" /><Keys command="replay" /></button> : null}
      <EmergencyButton />
      <TalkButton />
    </section>
  )
}

function Card({ group, state }: { group: TalkGroup; state: TalkState }) {
  const { t, language } = useText()
  const city = useCity()
  const { press } = useRadio()
  const card = useRef<HTMLButtonElement>(null)
  const selected = state.selected === group.id
  useEffect(() => {
    if (selected) void card.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [selected])
  useNow()
  const standing = standingOf(state, group)
  const talkers = talkersIn(state, group.id)
  const last = state.last[group.id]
  const alarm = alarms(state).some((one) => one.group === group.id)
  const muted = useTalkPreferences().groups[group.id]?.muted ?? false
  const unheard = standing === 'heard' && state.airs.some((one) => one.group === group.id) && !state.airs.some((one) => one.group === group.id && one.ear >= 0)
  const line =
    standing === 'mine' ? floorWords(t, state.floors[group.id], Date.now(), shutsAt(press, group.id))
    : talkers.length > 0 ? talkers.map((one) => partyWords(one, city, language)).join(', ')
    : standing === 'waiting' ? floorWords(t, state.floors[group.id], Date.now())
    : last ? t('talk.last', { name: last.party.name, time: roughly(Math.max(0, Date.now() - last.at), language) })
    : t('talk.idle')
  return (
    <button
      ref={card} type="button" className={`talk-card is-${standing} ${selected ? 'is-selected' : ''} ${alarm ? 'is-alarm' : ''}`}
      aria-pressed={selected} onClick={() => radio.select(group.id)}
    >
      <span className="talk-card-name">
        <VoiceSign on={standing === 'heard' || standing === 'mine'} />
        {alarm ? <AlarmSign /> : null}
        <bdi className="one-line">{group.name}</bdi>
        {muted ? <span title={t('talk.isMuted')}><Icon name="muted" /><span className="sr-only">{t('talk.isMuted')}</span></span> : null}
      </span>
      <small className="talk-card-line"><span className="one-line" dir="auto">{unheard ? `${t('talk.unheard')} · ` : ''}{line}</span>{group.recorded ? <RecordedSign /> : null}</small>
    </button>
  )
}

/** How one stands, told to readers too: the one thing one must know without looking. */
function MyState({ state }: { state: TalkState }) {
  const { t } = useText()
  const { press } = useRadio()
  const group = press.phase === 'up' ? radio.target() : press.group
  const floor = group ? state.floors[group] : undefined
  const told =
    state.line !== 'open' && state.groups.length > 0 ? t(`talk.line.${state.line}`)
    : floor?.kind === 'denied' || floor?.kind === 'revoked' ? causeWords(t, floor)
    : floor?.kind === 'queued' ? t('talk.queued', { place: floor.position })
    : floor?.kind === 'talking' ? t('talk.talking')
    : ''
  return <span className={`talk-mine ${floor?.kind === 'denied' || floor?.kind === 'revoked' || state.line !== 'open' ? 'is-bad' : 'sr-only'}`} role="status">{told}</span>
}

const lookMs = 3_000
const poor = { roundTripMs: 400, lost: 0.05 }

/** How good the way to the city is: three bars, and the figures for who wants them. */
function Quality() {
  const { t, language } = useText()
  const { media, on } = useRadio()
  const [quality, setQuality] = useState<{ roundTripMs: number | null; lost: number } | null>(null)
  useEffect(() => {
    if (!on) return
    const look = () => void radio.quality().then(setQuality).catch(() => setQuality(null))
    look()
    const timer = setInterval(look, lookMs)
    return () => clearInterval(timer)
  }, [on])
  if (!on) return null
  const bars = media !== 'connected' ? 0 : !quality ? 2 : quality.lost > poor.lost || (quality.roundTripMs ?? 0) > poor.roundTripMs ? 1 : quality.lost > poor.lost / 5 || (quality.roundTripMs ?? 0) > poor.roundTripMs / 2 ? 2 : 3
  const number = new Intl.NumberFormat(`${language}-u-nu-latn`, { maximumFractionDigits: 0 })
  const words = bars === 0 ? t(`talk.media.${media}`) : t('talk.quality', { time: number.format(quality?.roundTripMs ?? 0), lost: new Intl.NumberFormat(`${language}-u-nu-latn`, { style: 'percent', maximumFractionDigits: 1 }).format(quality?.lost ?? 0) })
  return (
    <span className={`talk-quality is-${bars}`} role="img" aria-label={words} title={words}>
      <svg viewBox="0 0 14 12" aria-hidden="true"><path d="M1 8h3v3H1z" /><path d="M5.500 5h3v6h-3z" /><path d="M10 1h3v10h-3z" /></svg>
    </span>
  )
}
