import { useText } from '../../i18n'
import { Age, Icon } from '../../ui'
import { enableRadio, radio, useRadio } from './radio'

/** A private call: being made, ringing, or under way. */
export function CallBar() {
  const { t } = useText()
  const { state } = useRadio()
  const call = state.call
  if (!call) return null
  const group = call.group
  return (
    <div className={`call-bar is-${call.phase}`} role={call.phase === 'ringing' ? 'alert' : 'region'} aria-label={t('talk.call')}>
      <Icon name="phone" />
      <span className="one-line">{t(`talk.callPhase.${call.phase}`)} <bdi>{call.phase === 'ringing' ? call.by.name : call.name}</bdi></span>
      <Age since={call.at} className="muted" />
      {call.phase === 'ringing' ? (
        <>
          <button type="button" className="button" onClick={() => { if (!radio.present().on) void enableRadio(); radio.say({ type: 'accept', group: call.group }) }}>{t('talk.accept')}</button>
          <button type="button" className="button is-quiet" onClick={() => radio.say({ type: 'refuse', group: call.group })}>{t('talk.refuse')}</button>
        </>
      ) : <button type="button" className="button is-quiet" disabled={group === null} onClick={() => group !== null && radio.say({ type: 'end', group })}>{t('talk.endCall')}</button>}
    </div>
  )
}
