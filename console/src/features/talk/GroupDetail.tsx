import { useState } from 'react'
import { request } from '../../api/http'
import { useRights } from '../../api/rights'
import { useCity } from '../../api/session'
import { nameIn } from '../../format'
import { useText } from '../../i18n'
import { perform, showToast } from '../../ui'
import { Sheet } from '../../ui/Sheet'
import type { Say, TalkGroup } from './protocol'
import { radio, useRadio } from './radio'
import { SpurtList } from './SpurtList'
import { talkersIn } from './state'
import { RecordedSign } from './TalkSigns'
import { may, memberWords, partyWords } from './words'

/** Says it and tells a refusal in words. */
async function ask(say: Say, failed: string): Promise<void> {
  const answer = await radio.ask(say)
  // Silence is no refusal here: the group itself shows what has become of it.
  if (!answer.ok && answer.title !== '') showToast({ tone: 'failed', text: failed, detail: answer.title, actions: [] }, null)
}

/** The group one looks at: who is in it, who talks and waits, and what those may do who lead it. */
export function GroupDetail({ group }: { group: TalkGroup }) {
  const { t, language } = useText()
  const city = useCity()
  const { state } = useRadio()
  const [closing, setClosing] = useState(false)
  const talkers = talkersIn(state, group.id)
  const floor = state.floors[group.id]
  const patched = state.groups.find((one) => one.id === group.patchedTo)
  const leads = useRights().leadTalk
  const others = state.groups.filter((one) => one.id !== group.id && !one.patchedTo && one.origin !== 'private')
  const owner = nameIn(city.organisations.find((one) => one.id === group.organisation)?.name ?? group.organisation, language, city.languages)
  return (
    <>
      <p className="chips">
        <span className="chip">{t(`talk.origin.${group.origin}`)}</span>
        <span className="chip"><bdi>{owner}</bdi></span>
        {group.members !== undefined ? <span className="chip">{memberWords(t, group)}</span> : null}
        {group.recorded ? <span className="chip is-recorded"><RecordedSign words /></span> : null}
        {group.mayTalk ? null : <span className="chip">{t('talk.hindrance.listenOnly')}</span>}
      </p>
      <section className="talk-part" aria-label={t('talk.floor')}>
        <h3>{t('talk.floor')}</h3>
        {talkers.length === 0 ? <p className="muted">{t('talk.nobody')}</p> : (
          <ul className="talk-people">
            {talkers.map((one) => (
              <li key={one.id}><bdi className="one-line">{partyWords(one, city, language)}</bdi>
                {may(group, 'force-release') ? <button type="button" className="button is-quiet" onClick={() => void ask({ type: 'force-release', group: group.id, participant: one.id }, t('talk.forceFailed', { name: one.name }))}>{t('talk.forceRelease')}</button> : null}
              </li>
            ))}
          </ul>
        )}
        {group.queue && group.queue.length > 0 ? (
          <ol className="talk-people" aria-label={t('talk.queue')}>
            {group.queue.map((one, at) => (
              <li key={one.id}><span className="muted">{at + 1}</span><bdi className="one-line">{partyWords(one, city, language)}</bdi>
                {may(group, 'cancel-requests') ? <button type="button" className="button is-quiet" onClick={() => void ask({ type: 'cancel-request', group: group.id, participant: one.id }, t('talk.cancelFailed', { name: one.name }))}>{t('talk.cancelRequest')}</button> : null}
              </li>
            ))}
          </ol>
        ) : group.waiting ? <p>{t('talk.waitingCount', { count: group.waiting })}</p> : null}
        {floor?.kind === 'queued' ? <p>{t('talk.queued', { place: floor.position })} <button type="button" className="link" onClick={() => radio.stop()}>{t('talk.leaveQueue')}</button></p> : null}
      </section>
      {group.origin !== 'private' && (patched || (leads && others.length > 0)) ? (
        <section className="talk-part" aria-label={t('talk.patch')}>
          <h3>{t('talk.patch')}</h3>
          {patched ? (
            <p className="talk-line"><span>{t('talk.patchedTo')} <bdi>{patched.name}</bdi></span>{leads ? <button type="button" className="button is-quiet" onClick={() => void ask({ type: 'unpatch', group: group.id, other: patched.id }, t('talk.unpatchFailed'))}>{t('talk.unpatch')}</button> : null}</p>
          ) : (
            <label className="select">
              <span className="sr-only">{t('talk.patchWith', { group: group.name })}</span>
              <select value="" onChange={(event) => { if (event.target.value) void ask({ type: 'patch', group: group.id, other: event.target.value }, t('talk.patchFailed')) }}>
                <option value="">{t('talk.patchWith', { group: group.name })}</option>
                {others.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
              </select>
            </label>
          )}
        </section>
      ) : null}
      {group.origin === 'temporary' && leads ? <p><button type="button" className="button is-quiet" onClick={() => setClosing(true)}>{t('talk.closeGroup')}</button></p> : null}
      <section className="talk-part" aria-label={t('talk.spurts')}>
        <h3>{t('talk.spurts')}</h3>
        {group.recorded ? <><p className="hint">{t('talk.replayLogged')}</p><SpurtList of={{ group: group.id }} /></> : <p className="muted">{t('talk.notRecordedGroup')}</p>}
      </section>
      <Sheet title={t('talk.closeGroup')} open={closing} onClose={() => setClosing(false)}>
        <p>{t('talk.closeSure', { group: group.name })}</p>
        <button type="button" className="button" onClick={() => {
          setClosing(false)
          void perform({ done: t('talk.closed', { group: group.name }), failed: t('talk.closeFailed', { group: group.name }), send: (key) => request('DELETE', `/api/talk/groups/${encodeURIComponent(group.id)}`, { key }) })
        }}>{t('talk.closeGroup')}</button>
      </Sheet>
    </>
  )
}
