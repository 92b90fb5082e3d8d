import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect } from 'react'
import { useCity } from '../../api/session'
import { useText } from '../../i18n'
import { Icon, Notice } from '../../ui'
import { radio, useRadio } from './radio'
import { SpurtRow } from './SpurtRow'
import { talkersIn } from './state'
import { spurtsQuery } from './talk.queries'
import { RecordedSign, VoiceSign } from './TalkSigns'
import { memberWords, partyWords } from './words'

/** What stands beside the marks of a timeline: when, and what to show. */
export type SpokenMark = { id: string; at: string; content: ReactNode }

/** The talk group of an incident: join it, who talks; and what was said, for the timeline. */
export function IncidentTalk({ incident, onMarks }: { incident: string; onMarks: (marks: readonly SpokenMark[]) => void }) {
  const { t, language } = useText()
  const city = useCity()
  const { state } = useRadio()
  const group = state.groups.find((one) => one.incident === incident)
  const spurts = useQuery(spurtsQuery({ incident }, 200)).data
  useEffect(() => {
    onMarks((spurts ?? []).map((one) => ({ id: one.id, at: one.began, content: <ul className="spurts"><SpurtRow spurt={one} showTime={false} /></ul> })))
    return () => onMarks([])
  }, [spurts, onMarks])
  if (!group) return state.line === 'open' ? <p className="muted">{t('talk.noIncidentGroup')}</p> : <Notice icon="talk" title={t(`talk.line.${state.line}`)} />
  const talkers = talkersIn(state, group.id)
  const selected = state.selected === group.id
  return (
    <div className="incident-talk">
      <VoiceSign on={talkers.length > 0} />
      <span className="one-line"><bdi>{group.name}</bdi> {group.recorded ? <RecordedSign /> : null} <span className="muted">{talkers.length > 0 ? talkers.map((one) => partyWords(one, city, language)).join(', ') : memberWords(t, group)}</span></span>
      {group.affiliated ? (
        <button type="button" className="button is-quiet" aria-pressed={selected} onClick={() => radio.select(group.id)}><Icon name="talk" />{t(selected ? 'talk.selectedGroup' : 'talk.selectGroup')}</button>
      ) : <button type="button" className="button" onClick={() => { radio.say({ type: 'affiliate', group: group.id }); radio.select(group.id) }}><Icon name="talk" />{t('talk.join')}</button>}
    </div>
  )
}
