import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { request } from '../../api/http'
import { useCity } from '../../api/session'
import { nameIn } from '../../format'
import { useText } from '../../i18n'
import { Failure, Icon, Notice, perform, showToast } from '../../ui'
import { Sheet } from '../../ui/Sheet'
import { enableRadio, radio, useRadio } from './radio'
import { isAbsent } from './SpurtList'
import { type Participant, participantsQuery } from './talk.queries'

const pauseMs = 200

/** Whom one can reach: seats and units, by name. */
export function People({ chosen, onChoose, action }: { chosen?: readonly string[]; onChoose: (one: Participant) => void; action: (one: Participant) => string }) {
  const { t, language } = useText()
  const city = useCity()
  const { state } = useRadio()
  const [typed, setTyped] = useState('')
  const [text, setText] = useState('')
  useEffect(() => {
    const later = setTimeout(() => setText(typed.trim()), pauseMs)
    return () => clearTimeout(later)
  }, [typed])
  const found = useQuery(participantsQuery(text))
  const people = (found.data ?? []).filter((one) => one.id !== state.me?.id)
  return (
    <div className="people">
      <label className="search"><span className="sr-only">{t('talk.findPeople')}</span><Icon name="search" /><input type="search" dir="auto" value={typed} placeholder={t('talk.findPeople')} onChange={(event) => setTyped(event.target.value)} /></label>
      {found.isError && !found.data ? isAbsent(found.error) ? <Notice icon="search" title={t('talk.noPeopleDoor')} /> : <Failure title={t('talk.peopleFailed')} error={found.error} retry={() => void found.refetch()} /> : null}
      {found.data && people.length === 0 ? <p className="muted">{t('talk.nobodyFound')}</p> : null}
      <ul className="talk-people">
        {people.slice(0, 50).map((one) => (
          <li key={one.id} className={one.connected ? '' : 'is-away'}>
            <span className={`presence ${one.connected ? 'is-on' : ''}`} aria-hidden="true" />
            <span className="one-line"><bdi>{one.name}</bdi> <bdi className="muted">{nameIn(city.organisations.find((each) => each.id === one.organisation)?.name ?? one.organisation, language, city.languages)}</bdi><span className="sr-only"> {t(one.connected ? 'talk.reachable' : 'talk.away')}</span></span>
            <button type="button" className="button is-quiet" aria-pressed={chosen ? chosen.includes(one.id) : undefined} onClick={() => onChoose(one)}>{action(one)}</button>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** A call to one seat or unit. With the floor one talks in turn, as on a radio; without it both talk at once, as on a phone. */
export function CallSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useText()
  const [floor, setFloor] = useState(true)
  const call = async (one: Participant) => {
    if (!radio.present().on) void enableRadio()
    const refused = await radio.call(one.id, one.name, floor)
    if (refused) showToast({ tone: 'failed', text: t('talk.callFailed', { name: one.name }), detail: refused, actions: [] }, null)
  }
  return (
    <Sheet title={t('talk.callTitle')} open={open} onClose={onClose}>
      <label className="check"><input type="checkbox" checked={!floor} onChange={(event) => setFloor(!event.target.checked)} />{t('talk.withoutFloor')}</label>
      <People action={() => t('talk.callAction')} onChoose={(one) => { onClose(); void call(one) }} />
    </Sheet>
  )
}

/** A group for now: chosen people, until it is closed. */
export function GroupSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useText()
  const [name, setName] = useState('')
  const [recorded, setRecorded] = useState(true)
  const [members, setMembers] = useState<readonly Participant[]>([])
  const toggle = (one: Participant) => setMembers((old) => (old.some((each) => each.id === one.id) ? old.filter((each) => each.id !== one.id) : [...old, one]))
  const create = () =>
    void perform({
      done: t('talk.groupMade', { group: name.trim() }), failed: t('talk.groupFailed', { group: name.trim() }),
      send: (key) => request('POST', '/api/talk/groups', { body: { name: name.trim(), members: members.map((one) => one.id), recorded }, key }),
      settled: () => { setName(''); setMembers([]); onClose() },
    })
  return (
    <Sheet title={t('talk.newGroup')} open={open} onClose={onClose}>
      <form className="talk-form" onSubmit={(event) => { event.preventDefault(); if (name.trim() !== '' && members.length > 0) create() }}>
        <label><span className="label">{t('talk.groupName')}</span><input className="input" dir="auto" maxLength={100} value={name} onChange={(event) => setName(event.target.value)} /></label>
        <label className="check"><input type="checkbox" checked={recorded} onChange={(event) => setRecorded(event.target.checked)} />{t('talk.recordIt')}</label>
        <p className="chips" aria-live="polite">{members.map((one) => <button key={one.id} type="button" className="chip" aria-label={t('talk.takeOut', { name: one.name })} onClick={() => toggle(one)}><bdi>{one.name}</bdi><Icon name="close" /></button>)}</p>
        <button type="submit" className="button" disabled={name.trim() === '' || members.length === 0}>{t('talk.makeGroup')}</button>
      </form>
      <People chosen={members.map((one) => one.id)} onChoose={toggle} action={(one) => t(members.some((each) => each.id === one.id) ? 'talk.chosen' : 'talk.choose')} />
    </Sheet>
  )
}
