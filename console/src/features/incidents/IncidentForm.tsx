import type { Point } from 'geojson'
import { useEffect, useId, useRef, useState } from 'react'
import { useCity } from '../../api/session'
import type { Severity } from '../../api/types'
import { coordinates, middle, nameIn, readCoordinates } from '../../format'
import { useText } from '../../i18n'
import { Combo, type ComboDoor, Icon, SeveritySign } from '../../ui'
import { clearDraft, isDraftEmpty, putDraft, useDraft } from './draft'
import { matches } from './incident'
import { useIncidentActions } from './incidents.actions'

type Props = {
  onSaved: (id: string) => void
  onClose: () => void
  /** Tells the map where the draft stands, and that a click there places it. */
  onPlace: (place: Point | null) => void
}

/** Takes a call. Ctrl+Enter saves, Esc leaves with the draft kept. */
export function IncidentForm({ onSaved, onClose, onPlace }: Props) {
  const { t, language } = useText()
  const city = useCity()
  const draft = useDraft()
  const actions = useIncidentActions()
  const id = useId()
  const typeField = useRef<ComboDoor>(null)
  const [typed, setTyped] = useState<string | null>(null)
  const [placeTyped, setPlaceTyped] = useState<string | null>(null)
  const [tried, setTried] = useState(false)
  const type = city.incidentTypes.find((one) => one.code === draft.type)
  const name = (names: Parameters<typeof nameIn>[0]) => nameIn(names, language, city.languages)
  const point = readCoordinates(draft.place)
  const priority = draft.priority ?? type?.priority ?? null
  const types = city.incidentTypes.filter((one) => typed === null || matches(typed, [name(one.name), one.code]))
  const districts = city.districts.filter((one) => placeTyped === null || matches(placeTyped, [name(one.name)]))

  const at = point ? `${point.coordinates}` : ''
  useEffect(() => onPlace(readCoordinates(draft.place)), [at, onPlace])
  useEffect(() => () => onPlace(null), [onPlace])

  const missing = { type: !type, place: !point }
  const save = async () => {
    setTried(true)
    if (!type || !point || priority === null) {
      if (!type) typeField.current?.focus()
      else document.getElementById(`${id}-place-error`)?.scrollIntoView({ block: 'nearest' })
      return
    }
    const kept = draft
    const caller = { ...(draft.callerName.trim() ? { name: draft.callerName.trim() } : {}), ...(draft.callerPhone.trim() ? { phone: draft.callerPhone.trim() } : {}) }
    const saving = actions.create({ type: type.code, priority, place: point, description: draft.description.trim(), ...(Object.keys(caller).length > 0 ? { caller } : {}) })
    clearDraft()
    onClose()
    const saved = await saving
    if (saved) onSaved(saved)
    else putDraft(kept)
  }

  return (
    <form
      className="form"
      aria-labelledby={`${id}-title`}
      noValidate
      onSubmit={(event) => { event.preventDefault(); void save() }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); void save() }
        if (event.key === 'Escape') { event.stopPropagation(); onClose() }
      }}
    >
      <header className="pane-head">
        <h2 id={`${id}-title`}>{t('form.title')}</h2>
        {isDraftEmpty(draft) ? null : <button type="button" className="link is-end" onClick={() => { clearDraft(); setTyped(null); setTried(false) }}>{t('form.discard')}</button>}
        <button type="button" className={`button is-bare ${isDraftEmpty(draft) ? 'is-end' : ''}`} aria-label={t('actions.close')} onClick={onClose}><Icon name="close" /></button>
      </header>
      <div className="form-body">
        <Combo
          door={typeField}
          autoFocus
          required
          invalid={tried && missing.type}
          describedBy={tried && missing.type ? `${id}-type-error` : undefined}
          label={t('form.type')}
          text={typed ?? (type ? name(type.name) : '')}
          onText={setTyped}
          items={types}
          keyOf={(one) => one.code}
          placeholder={t('form.typePlaceholder')}
          onEscape={() => (typed === null ? onClose() : setTyped(null))}
          onPick={(one) => { setTyped(null); putDraft({ type: one.code, priority: null }) }}
          empty={t('form.noType')}
          render={(one) => <span className="unit-line"><SeveritySign level={one.priority} /><span className="one-line" dir="auto">{name(one.name)}</span><bdi className="muted is-end mono">{one.code}</bdi></span>}
        />
        {tried && missing.type ? <p className="field-error" id={`${id}-type-error`}>{t('form.typeMissing')}</p> : null}

        <fieldset className="levels">
          <legend className="label">{t('form.priority')}</legend>
          {([1, 2, 3, 4] as const).map((level: Severity) => (
            <label key={level} className={priority === level ? 'is-on' : ''}>
              <input type="radio" name={`${id}-priority`} checked={priority === level} onChange={() => putDraft({ priority: level })} />
              <SeveritySign level={level} word name={name(city.priorities.find((one) => one.level === level)?.name) || t(`severity.${level}`)} />
            </label>
          ))}
        </fieldset>

        <Combo
          required
          invalid={tried && missing.place}
          describedBy={`${id}-place-hint`}
          label={t('form.place')}
          text={placeTyped ?? draft.place}
          onText={(text) => {
            setPlaceTyped(text)
            if (readCoordinates(text) || text === '') { putDraft({ place: text }); setPlaceTyped(text === '' ? '' : null) }
          }}
          items={districts}
          keyOf={(one) => one.id}
          onEscape={() => (placeTyped ? setPlaceTyped(null) : onClose())}
          placeholder={t('form.placePlaceholder')}
          onPick={(one) => {
            const centre = middle(one.area)
            if (centre) putDraft({ place: coordinates(centre) })
            setPlaceTyped(null)
          }}
          empty={t('form.noDistrict')}
          render={(one) => <span className="unit-line"><Icon name="pin" /><span className="one-line" dir="auto">{name(one.name)}</span></span>}
        />
        <p className="hint" id={`${id}-place-hint`}>{t('form.placeHint')}</p>
        {tried && missing.place ? <p className="field-error" id={`${id}-place-error`}>{t('form.placeMissing')}</p> : null}

        <label className="label" htmlFor={`${id}-description`}>{t('form.description')}</label>
        <textarea id={`${id}-description`} className="input" rows={4} dir="auto" maxLength={8000} value={draft.description} onChange={(event) => putDraft({ description: event.target.value })} />

        <div className="form-pair">
          <label><span className="label">{t('form.callerName')}</span><input className="input" dir="auto" autoComplete="off" maxLength={200} value={draft.callerName} onChange={(event) => putDraft({ callerName: event.target.value })} /></label>
          <label><span className="label">{t('form.callerPhone')}</span><input className="input" dir="ltr" type="tel" autoComplete="off" maxLength={60} value={draft.callerPhone} onChange={(event) => putDraft({ callerPhone: event.target.value })} /></label>
        </div>
      </div>
      <footer className="form-foot">
        <button type="submit" className="button">{t('form.save')}<kbd className="keys" aria-hidden="true" dir="ltr">Ctrl ↵</kbd></button>
        <button type="button" className="button is-bare" onClick={onClose}>{t('form.later')}<kbd className="keys" aria-hidden="true" dir="ltr">Esc</kbd></button>
      </footer>
    </form>
  )
}

/** A place chosen elsewhere (a click on the map) goes into the draft. */
export function placeDraft(place: Point): void {
  putDraft({ place: coordinates(place) })
}

/** Starts the draft with a type, as the command line does. */
export function startDraft(type: string, description: string): void {
  putDraft({ type, priority: null, ...(description ? { description } : {}) })
}
