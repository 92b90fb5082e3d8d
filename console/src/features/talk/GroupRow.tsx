import { useCity } from '../../api/session'
import { useText } from '../../i18n'
import { useNow } from '../../live'
import { Icon } from '../../ui'
import { shutsAt } from './press'
import type { TalkGroup } from './protocol'
import { radio, useRadio } from './radio'
import { alarms, talkersIn, type TalkState } from './state'
import { preferGroup, standardGroup, useTalkPreferences } from './talkPreferences'
import { AlarmSign, RecordedSign, VoiceSign } from './TalkSigns'
import { floorWords, partyWords, standingOf } from './words'

const priorities = [50, 100, 150] as const

/** One group: who talks, who waits, and how one hears it. */
export function GroupRow({ group, state, selected, onSelect }: { group: TalkGroup; state: TalkState; selected: boolean; onSelect: () => void }) {
  const { t, language } = useText()
  const city = useCity()
  const { press } = useRadio()
  useNow()
  const { volume, muted, priority } = useTalkPreferences().groups[group.id] ?? standardGroup
  const standing = standingOf(state, group)
  const talkers = talkersIn(state, group.id)
  const words = floorWords(t, state.floors[group.id], Date.now(), shutsAt(press, group.id))
  const line = standing === 'mine' ? words : talkers.length > 0 ? talkers.map((one) => partyWords(one, city, language)).join(', ') : words || t('talk.idle')
  return (
    <li className={`group-row is-${standing} ${selected ? 'is-selected' : ''}`}>
      <button type="button" className="group-pick" aria-pressed={selected} onClick={onSelect}>
        <VoiceSign on={standing === 'heard' || standing === 'mine'} />
        <span className="group-name">
          <span className="one-line">{alarms(state).some((one) => one.group === group.id) ? <AlarmSign /> : null}<bdi>{group.name}</bdi></span>
          <small><span className="one-line" dir="auto">{line}</span>{group.recorded ? <RecordedSign /> : null}</small>
        </span>
        <span className="group-counts muted">{group.waiting ? t('talk.waitingCount', { count: group.waiting }) : null}</span>
      </button>
      <div className="group-tools">
        <label className="check group-joined" title={t('talk.joinedHint')}><input type="checkbox" checked={group.affiliated} onChange={(event) => { radio.say({ type: event.target.checked ? 'affiliate' : 'deaffiliate', group: group.id }) }} />{t('talk.in')}</label>
        <button type="button" className="button is-bare" aria-pressed={muted} aria-label={t(muted ? 'talk.unmute' : 'talk.mute', { group: group.name })} onClick={() => preferGroup(group.id, { muted: !muted })}><Icon name={muted ? 'muted' : 'sound'} /></button>
        <input type="range" min={0} max={100} step={5} value={Math.round(volume * 100)} aria-label={t('talk.volume', { group: group.name })} onChange={(event) => preferGroup(group.id, { volume: Number(event.target.value) / 100 })} />
        <label className="select">
          <span className="sr-only">{t('talk.scan', { group: group.name })}</span>
          <select value={priority} onChange={(event) => preferGroup(group.id, { priority: Number(event.target.value) })}>
            {priorities.map((one) => <option key={one} value={one}>{t(`talk.scans.${one}`)}</option>)}
          </select>
        </label>
      </div>
    </li>
  )
}
