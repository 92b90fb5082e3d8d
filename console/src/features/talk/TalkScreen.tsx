import './talk.css'
import { useState } from 'react'
import { useRights } from '../../api/rights'
import { useCommand } from '../../commands'
import { useText } from '../../i18n'
import { Icon, Keys, Notice } from '../../ui'
import { GroupDetail } from './GroupDetail'
import { GroupRow } from './GroupRow'
import { Messages } from './Messages'
import { CallSheet, GroupSheet } from './People'
import { radio, useRadio } from './radio'
import { EmergencyButton, TalkButton } from './TalkButton'
import { preferTalk, useTalkPreferences } from './talkPreferences'

/** All groups at once, and all about the chosen one. */
export function TalkScreen() {
  const { t } = useText()
  const { state } = useRadio()
  const preferences = useTalkPreferences()
  const leads = useRights().leadTalk
  const [sheet, setSheet] = useState<'call' | 'group' | null>(null)
  const [filter, setFilter] = useState('')
  useCommand('callPerson', () => setSheet('call'), state.line === 'open')
  const groups = state.groups.filter((one) => one.origin !== 'private' && one.name.toLocaleLowerCase().includes(filter.trim().toLocaleLowerCase()))
  const selected = state.groups.find((one) => one.id === state.selected)
  return (
    <main className="talk" id="main">
      <h1 className="sr-only">{t('nav.talk')}</h1>
      <section className="talk-groups" aria-label={t('talk.groups')} data-pane="groups">
        <header className="pane-head"><h2>{t('talk.groups')}</h2><span className="muted">{t('talk.hears', { count: state.hears })}</span>
          <button type="button" className="button is-quiet is-end" disabled={state.line !== 'open' || !leads} title={leads ? undefined : t('talk.leadersOnly')} onClick={() => setSheet('group')}><Icon name="plus" />{t('talk.newGroup')}</button>
        </header>
        <div className="board-tools"><label className="search"><span className="sr-only">{t('talk.filter')}</span><Icon name="search" /><input type="search" dir="auto" value={filter} placeholder={t('talk.filter')} onChange={(event) => setFilter(event.target.value)} /></label></div>
        {state.groups.length === 0 ? (
          <Notice icon="talk" title={t(state.line === 'open' ? 'talk.noGroups' : `talk.line.${state.line}`)}>
            {state.problem ? <p dir="auto">{state.problem.detail ?? state.problem.title}</p> : null}
            {state.line === 'waiting' || state.line === 'refused' ? <button type="button" className="button is-quiet" onClick={() => radio.retry()}>{t('actions.retryNow')}</button> : null}
          </Notice>
        ) : (
          <ul className="group-rows">{groups.map((one) => <GroupRow key={one.id} group={one} state={state} selected={one.id === state.selected} onSelect={() => radio.select(one.id)} />)}</ul>
        )}
        <footer className="talk-options">
          <label className="check"><input type="checkbox" checked={preferences.tones} onChange={(event) => preferTalk({ tones: event.target.checked })} />{t('talk.tones')}</label>
          <label className="check"><input type="checkbox" checked={preferences.tap} onChange={(event) => preferTalk({ tap: event.target.checked })} />{t('talk.tapOption')}</label>
          <label className="talk-pad"><span>{t('talk.padButton')}</span><input className="input" type="number" min={1} max={20} value={preferences.gamepadButton + 1} onChange={(event) => preferTalk({ gamepadButton: Math.max(0, Math.min(19, Number(event.target.value) - 1 || 0)) })} /></label>
        </footer>
      </section>
      <section className="talk-detail" aria-label={t('talk.group')} data-pane="group" tabIndex={-1}>
        {selected ? (
          <>
            <header className="talk-detail-head"><h2 dir="auto">{selected.name}</h2>
              <button type="button" className="button is-quiet is-end" disabled={state.line !== 'open'} onClick={() => setSheet('call')}><Icon name="phone" />{t('talk.callAction')}<Keys command="callPerson" /></button>
            </header>
            <div className="talk-press"><TalkButton big /><EmergencyButton big /></div>
            <GroupDetail key={selected.id} group={selected} />
          </>
        ) : <Notice icon="talk" title={t('talk.chooseGroup')} />}
      </section>
      {selected ? <section className="talk-messages" aria-label={t('talk.messages')} data-pane="messages"><header className="pane-head"><h2>{t('talk.messages')}</h2></header><Messages key={selected.id} other={selected.id} name={selected.name} /></section> : null}
      <CallSheet open={sheet === 'call'} onClose={() => setSheet(null)} />
      <GroupSheet open={sheet === 'group'} onClose={() => setSheet(null)} />
    </main>
  )
}
