import type { Point } from 'geojson'
import { type ReactNode, useId, useRef, useState } from 'react'
import { useCity } from '../../api/session'
import type { Incident } from '../../api/types'
import { coordinates, readCoordinates } from '../../format'
import { useText } from '../../i18n'
import { type ComboDoor, Icon } from '../../ui'
import { draftOf, patchOf } from './changes'
import { type DraftStore, edited, isDraftEmpty, newCall } from './draft'
import { IncidentFields } from './IncidentFields'
import { useIncidentActions } from './incidents.actions'
import { KnownAlready } from './KnownAlready'

type FormProps = {
  store: DraftStore
  title: string
  save: string
  words: boolean
  later: string
  discard?: () => void
  onSave: () => void
  onClose: () => void
  onPlace: (place: Point | null) => void
  known?: ReactNode
}

/** The frame of both forms. Ctrl+Enter saves, Esc leaves. */
function Form({ store, title, save, words, later, discard, onSave, onClose, onPlace, known }: FormProps) {
  const { t } = useText()
  const city = useCity()
  const draft = store.use()
  const id = useId()
  const typeField = useRef<ComboDoor>(null)
  const form = useRef<HTMLFormElement>(null)
  const [tried, setTried] = useState(false)
  const submit = () => {
    setTried(true)
    if (!city.incidentTypes.some((one) => one.code === draft.type)) typeField.current?.focus()
    else if (!readCoordinates(draft.place)) form.current?.querySelectorAll<HTMLInputElement>('[role=combobox]')[1]?.focus()
    else onSave()
  }
  return (
    <form
      ref={form}
      className="form"
      aria-labelledby={`${id}-title`}
      noValidate
      onSubmit={(event) => { event.preventDefault(); submit() }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); submit() }
        if (event.key === 'Escape') { event.stopPropagation(); onClose() }
      }}
    >
      <header className="pane-head">
        <h2 id={`${id}-title`} className="one-line" dir="auto">{title}</h2>
        {discard ? <button type="button" className="link is-end" onClick={() => { discard(); setTried(false) }}>{t('form.discard')}</button> : null}
        <button type="button" className={`button is-bare ${discard ? '' : 'is-end'}`} aria-label={t('actions.close')} onClick={onClose}><Icon name="close" /></button>
      </header>
      <IncidentFields draft={draft} put={store.put} tried={tried} typeDoor={typeField} onEscape={onClose} onPlace={onPlace} words={words} known={known} />
      <footer className="form-foot">
        <button type="submit" className="button">{save}<kbd className="keys" aria-hidden="true" dir="ltr">Ctrl ↵</kbd></button>
        <button type="button" className="button is-bare" onClick={onClose}>{later}<kbd className="keys" aria-hidden="true" dir="ltr">Esc</kbd></button>
      </footer>
    </form>
  )
}

/** Takes a call; what was typed stays until it is saved or discarded. */
export function IncidentForm({ onSaved, onClose, onPlace }: { onSaved: (id: string) => void; onClose: () => void; onPlace: (place: Point | null) => void }) {
  const { t } = useText()
  const city = useCity()
  const actions = useIncidentActions()
  const draft = newCall.use()
  const save = async () => {
    const place = readCoordinates(draft.place)
    const type = city.incidentTypes.find((one) => one.code === draft.type)
    if (!type || !place) return
    const kept = draft
    const caller = { ...(draft.callerName.trim() ? { name: draft.callerName.trim() } : {}), ...(draft.callerPhone.trim() ? { phone: draft.callerPhone.trim() } : {}) }
    const saving = actions.create({ type: type.code, priority: draft.priority ?? type.priority, place, description: draft.description.trim(), ...(Object.keys(caller).length > 0 ? { caller } : {}) })
    newCall.clear()
    onClose()
    const saved = await saving
    if (saved) onSaved(saved)
    else newCall.put(kept)
  }
  return (
    <Form store={newCall} title={t('form.title')} save={t('form.save')} later={t('form.later')} words onSave={() => void save()} onClose={onClose} onPlace={onPlace}
      known={<KnownAlready place={readCoordinates(draft.place)} type={draft.type} onOpen={onSaved} />}
      {...(isDraftEmpty(draft) ? {} : { discard: () => newCall.clear() })} />
  )
}

/** Changes an incident. Only what was changed is sent, with the version that was seen. */
export function IncidentEdit({ incident, onClose, onPlace }: { incident: Incident; onClose: () => void; onPlace: (place: Point | null) => void }) {
  const { t } = useText()
  const actions = useIncidentActions()
  const draft = edited.use()
  const [before] = useState(() => { edited.put(draftOf(incident)); return incident })
  const patch = patchOf(before, draft)
  const save = () => {
    if (Object.keys(patch).length === 0) onClose()
    else void actions.edit(before, patch, onClose)
  }
  return (
    <Form store={edited} title={t('form.editTitle', { incident: incident.number })} save={t('actions.save')} later={t('actions.cancel')} words={incident.description !== undefined && incident.description !== null}
      onSave={save} onClose={onClose} onPlace={onPlace} {...(Object.keys(patch).length === 0 ? {} : { discard: () => edited.put(draftOf(before)) })} />
  )
}

/** A place chosen elsewhere (a click on the map) goes into the draft. */
export function placeDraft(place: Point, which: 'new' | 'edit'): void {
  ;(which === 'new' ? newCall : edited).put({ place: coordinates(place) })
}

/** Starts the draft with a type, as the command line does. */
export function startDraft(type: string, description: string): void {
  newCall.put({ type, priority: null, ...(description ? { description } : {}) })
}
