import { type KeyboardEvent, type PointerEvent, useRef } from 'react'
import { useText } from '../../i18n'
import { useNow } from '../../live'
import { Icon, Keys } from '../../ui'
import { beginEmergency, cancelEmergency, useEmergencyHold } from './emergencyHold'
import { enableRadio, radio, useRadio } from './radio'
import { useTalkPreferences } from './talkPreferences'
import { floorWords } from './words'

/** Hold to talk. Held by pointer, finger or Enter; tools that can only click tap it. Space is left alone: it would talk by mistake. */
export function TalkButton({ big = false }: { big?: boolean }) {
  const { t } = useText()
  const { state, press, asking } = useRadio()
  const { tap } = useTalkPreferences()
  useNow()
  const entered = useRef(false)
  const group = press.phase === 'up' ? radio.target() : press.group
  const floor = group === null ? undefined : state.floors[group]
  const hindrance = radio.hindrance
  if (hindrance === 'off' || hindrance === 'noMicrophone') {
    return (
      <button type="button" className={`talk-button is-off ${big ? 'is-big' : ''}`} disabled={asking} onClick={() => void enableRadio()}>
        <Icon name="talk" /><span>{t(hindrance === 'off' ? 'talk.enable' : 'talk.noMicrophone')}</span>
      </button>
    )
  }
  const look = press.phase === 'talking' ? 'talking' : press.phase === 'asking' ? 'asking' : press.phase === 'spent' ? 'spent' : hindrance === null ? 'ready' : 'shut'
  const words =
    press.phase === 'spent' ? t('talk.letGo')
    : press.phase === 'talking' || press.phase === 'asking' ? floorWords(t, floor, Date.now(), press.phase === 'talking' ? press.until : null) || t('talk.asking')
    : hindrance === null ? t(tap ? 'talk.tap' : 'talk.hold')
    : t(`talk.hindrance.${hindrance}`)
  const down = (event: PointerEvent<HTMLButtonElement>) => {
    if (event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    radio.down(tap)
  }
  const key = (event: KeyboardEvent, isDown: boolean) => {
    if (event.key !== ' ' && event.key !== 'Enter') return
    event.preventDefault()
    if (event.key === ' ' || event.repeat) return
    entered.current = isDown
    if (isDown) radio.down(tap)
    else radio.up()
  }
  return (
    <button
      type="button"
      className={`talk-button is-${look} ${big ? 'is-big' : ''}`}
      aria-pressed={press.phase === 'talking'}
      aria-disabled={hindrance !== null}
      onPointerDown={down}
      onPointerUp={() => radio.up()}
      onPointerCancel={() => radio.up()}
      onLostPointerCapture={() => radio.up()}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={(event) => key(event, true)}
      onKeyUp={(event) => key(event, false)}
      onBlur={() => {
        if (entered.current) radio.up()
        entered.current = false
      }}
      onClick={(event) => {
        // No pointer and no key: a screen reader, a switch, a voice. It cannot hold.
        if (event.detail !== 0) return
        if (press.phase === 'up') radio.down(true)
        else radio.stop()
      }}
    >
      <Icon name="talk" /><span>{words}</span>{look === 'ready' ? <Keys command="talk" /> : null}
    </button>
  )
}

/** Held for a second it raises the emergency; the ring shows how far one is. */
export function EmergencyButton({ big = false }: { big?: boolean }) {
  const { t } = useText()
  const { state } = useRadio()
  const holding = useEmergencyHold()
  return (
    <button
      type="button"
      className={`emergency-button ${holding ? 'is-held' : ''} ${big ? 'is-big' : ''}`}
      disabled={state.line !== 'open'}
      title={t('talk.emergencyHint')}
      aria-label={t('talk.emergencyHold')}
      onPointerDown={(event) => {
        if (event.button !== 0) return
        event.currentTarget.setPointerCapture(event.pointerId)
        beginEmergency()
      }}
      onPointerUp={cancelEmergency}
      onPointerCancel={cancelEmergency}
      onLostPointerCapture={cancelEmergency}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (event.key !== 'Enter') return
        event.preventDefault()
        if (!event.repeat) beginEmergency()
      }}
      onKeyUp={(event) => event.key === 'Enter' && cancelEmergency()}
      onBlur={cancelEmergency}
    >
      <svg className="emergency-ring" viewBox="0 0 36 36" aria-hidden="true"><circle cx="18" cy="18" r="15" pathLength="100" /></svg>
      <Icon name="alert" />{big ? <span>{t('talk.emergency')}</span> : null}
    </button>
  )
}
