import { useState } from 'react'
import { useCity } from '../../api/session'
import { clock } from '../../format'
import { useText } from '../../i18n'
import { Icon, showToast } from '../../ui'
import { Sheet } from '../../ui/Sheet'
import { radio, useRadio } from './radio'
import { type Alarm, alarms } from './state'
import { may } from './words'

const shownMost = 4

/** Who called for help, on every screen, until it is ended. It sounds until somebody here has acknowledged it. */
export function AlarmBar({ onShow }: { onShow: (alarm: Alarm) => void }) {
  const { t, language } = useText()
  const city = useCity()
  const { state } = useRadio()
  const [ending, setEnding] = useState<Alarm | null>(null)
  const all = alarms(state)
  if (all.length === 0 && !ending) return null
  const nameOf = (id: string) => state.groups.find((one) => one.id === id)?.name ?? ''
  const end = (alarm: Alarm) => {
    setEnding(null)
    radio.acknowledge(alarm.key)
    void radio.ask({ type: 'cancel-emergency', group: alarm.group, participant: alarm.participant }).then((answer) => {
      if (!answer.ok && answer.title !== '') showToast({ tone: 'failed', text: t('talk.endFailed', { name: alarm.name }), detail: answer.title, actions: [] }, null)
    })
  }
  return (
    <>
      {all.slice(0, shownMost).map((alarm) => {
        const group = state.groups.find((one) => one.id === alarm.group)
        return (
          <div key={alarm.key} className={`alarm-bar ${alarm.acknowledged ? 'is-known' : ''}`} role={alarm.acknowledged ? 'region' : 'alert'} aria-label={t('talk.emergency')}>
            <Icon name="alert" />
            <strong>{t(alarm.urgency === 'imminent-peril' ? 'talk.peril' : 'talk.emergency')}: <bdi>{alarm.name}</bdi></strong>
            <span className="one-line"><bdi>{nameOf(alarm.group)}</bdi> · {clock(alarm.since, language, city.timeZone)}</span>
            <span className="alarm-tools">
              {alarm.acknowledged ? null : <button type="button" className="button" onClick={() => radio.acknowledge(alarm.key)}>{t('talk.acknowledge')}</button>}
              <button type="button" className="button is-quiet" onClick={() => { radio.select(alarm.group); onShow(alarm) }}>{t('talk.showOnMap')}</button>
              {group === undefined || may(group, 'cancel-emergency') ? <button type="button" className="button is-quiet" onClick={() => setEnding(alarm)}>{t('talk.endEmergency')}</button> : null}
            </span>
          </div>
        )
      })}
      {all.length > shownMost ? <div className="alarm-bar is-known">{t('talk.moreAlarms', { count: all.length - shownMost })}</div> : null}
      <Sheet title={t('talk.endEmergency')} open={ending !== null} onClose={() => setEnding(null)}>
        <p>{t('talk.endSure', { name: ending?.name ?? '' })}</p>
        <button type="button" className="button" onClick={() => ending && end(ending)}>{t('talk.endEmergency')}</button>
      </Sheet>
    </>
  )
}
