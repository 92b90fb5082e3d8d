import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useRights } from '../../api/rights'
import { useCity, useSignedIn } from '../../api/session'
import type { Unit } from '../../api/types'
import { nameIn } from '../../format'
import { useText } from '../../i18n'
import { Icon, Notice, showToast, StateSign, tellRefusal } from '../../ui'
import { camerasQuery } from '../cameras'
import { mostBytes, outbox, smaller } from '../talk'
import { useSetStatus } from '../units'
import { FieldVideo } from './FieldVideo'

/** Buttons of the city's status codes, and what one sends: pictures, files, a short video. */
export function FieldStatus({ unit, group, install }: { unit: Unit | undefined; group: string | null; install: (() => void) | null }) {
  const { t, language } = useText()
  const city = useCity()
  const session = useSignedIn()
  const setStatus = useSetStatus()
  const may = useRights().setStatus
  const picker = useRef<HTMLInputElement>(null)
  const files = useRef<HTMLInputElement>(null)
  const [video, setVideo] = useState(false)
  const name = (names: Parameters<typeof nameIn>[0]) => nameIn(names, language, city.languages)
  // Only a camera that takes pictures sent to it can be sent to; who may not know which does is offered none.
  const cameras = (useQuery(camerasQuery).data ?? []).filter((one) => one.organisation === session.organisation.id && (one.source === 'whip' || (one as { publish?: boolean }).publish === true))
  const send = async (list: FileList | null) => {
    if (!list || list.length === 0) return
    if (group === null) return tellRefusal(t('talk.noGroups'))
    const taken = await Promise.all([...list].map(smaller))
    const fit = taken.filter((one) => one.blob.size <= mostBytes)
    if (fit.length < taken.length) tellRefusal(t('talk.fileTooLarge'))
    if (fit.length === 0) return
    await outbox.add({ person: session.person.id, to: group, files: fit })
    void outbox.send(session.person.id)
    showToast({ tone: 'done', text: t('field.queued'), actions: [] }, 3_000)
  }
  return (
    <div className="field-status">
      <h2>{t('field.status')}</h2>
      {unit ? (
        <div className="field-codes" role="group" aria-label={t('units.setStatus', { unit: unit.callSign })}>
          {city.unitStatuses.map((one) => (
            <button key={one.code} type="button" aria-pressed={unit.status.code === one.code} disabled={!may} onClick={() => void setStatus(unit, { code: one.code, state: one.state, name: name(one.name) })}>
              <StateSign state={one.state} /><span><b>{one.code}</b> {name(one.name)}</span>
            </button>
          ))}
        </div>
      ) : <Notice icon="person" title={t('field.noUnit')} />}
      <h2>{t('field.send')}</h2>
      <div className="field-sends">
        <input ref={picker} className="sr-only" type="file" accept="image/*" capture="environment" tabIndex={-1} aria-hidden="true" onChange={(event) => { void send(event.target.files); event.target.value = '' }} />
        <input ref={files} className="sr-only" type="file" multiple accept="image/*,audio/*,video/*,application/pdf,text/*" tabIndex={-1} aria-hidden="true" onChange={(event) => { void send(event.target.files); event.target.value = '' }} />
        <button type="button" className="button is-quiet" onClick={() => picker.current?.click()}><Icon name="camera" />{t('field.picture')}</button>
        <button type="button" className="button is-quiet" onClick={() => files.current?.click()}><Icon name="clip" />{t('field.file')}</button>
        {cameras.length > 0 ? <button type="button" className="button is-quiet" aria-expanded={video} onClick={() => setVideo(!video)}><Icon name="video" />{t('field.video')}</button> : null}
      </div>
      {video ? <FieldVideo cameras={cameras} onClose={() => setVideo(false)} /> : null}
      {install ? <button type="button" className="button is-quiet is-big" onClick={install}>{t('field.install')}</button> : null}
    </div>
  )
}
