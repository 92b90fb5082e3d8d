import type { Incident } from '../../api/types'
import { useCity } from '../../api/session'
import { nameIn } from '../../format'
import { useText } from '../../i18n'
import { useNow } from '../../live'
import { Icon, SeveritySign } from '../../ui'
import { EmergencyButton, floorWords, partyWords, preferTalk, radio, RecordedSign, TalkButton, talkersIn, useRadio, useTalkPreferences, VoiceSign } from '../talk'

/** One button for gloves, and what one must know beside it. */
export function FieldTalk({ incident, onIncident, awake }: { incident: Incident | undefined; onIncident: () => void; awake: boolean }) {
  const { t, language } = useText()
  const city = useCity()
  const { state } = useRadio()
  const { tap } = useTalkPreferences()
  useNow()
  const group = state.groups.find((one) => one.id === radio.target())
  const groups = state.groups.filter((one) => one.origin !== 'private' || one.id === group?.id)
  const talkers = group ? talkersIn(state, group.id) : []
  const elsewhere = state.airs.filter((one) => one.group !== group?.id && one.ear >= 0)
  const floor = group && state.floors[group.id]
  // The button counts down; a reader is not told each second.
  const mine = floor?.kind === 'talking' ? t('talk.talking') : floorWords(t, floor, Date.now())
  const type = incident && nameIn(city.incidentTypes.find((one) => one.code === incident.type)?.name ?? incident.type, language, city.languages)
  return (
    <div className="field-talk">
      {incident ? (
        <button type="button" className="field-incident" onClick={onIncident}><SeveritySign level={incident.priority} /><span className="one-line"><bdi>{type}</bdi> <bdi className="muted">{incident.number}</bdi></span><Icon name="go" /></button>
      ) : null}
      <div className="field-group">
        <label className="select"><span className="sr-only">{t('talk.group')}</span>
          <select value={group?.id ?? ''} disabled={groups.length === 0} onChange={(event) => {
            const wanted = state.groups.find((one) => one.id === event.target.value)
            if (wanted && !wanted.affiliated) radio.say({ type: 'affiliate', group: wanted.id })
            radio.select(event.target.value)
          }}>
            {group ? null : <option value="">{t('talk.noGroups')}</option>}
            {groups.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
          </select>
        </label>
        {group?.recorded ? <RecordedSign words /> : null}
      </div>
      <p className="field-says" role="status"><VoiceSign on={talkers.length > 0} /><span className="one-line" dir="auto">{talkers.length > 0 ? talkers.map((one) => partyWords(one, city, language)).join(', ') : mine || t('talk.nobody')}</span></p>
      {elsewhere.length > 0 ? <p className="muted one-line">{elsewhere.map((one) => `${state.groups.find((each) => each.id === one.group)?.name ?? ''}: ${one.party.name}`).join(' · ')}</p> : null}
      <TalkButton big />
      <div className="field-foot">
        <EmergencyButton big />
        <label className="check"><input type="checkbox" checked={tap} onChange={(event) => preferTalk({ tap: event.target.checked })} />{t('talk.tap')}</label>
      </div>
      <p className="hint">{t('field.background')}{awake ? '' : ` ${t('field.noWake')}`}</p>
    </div>
  )
}
