import type { Point } from 'geojson'
import { type ReactNode, type Ref, useEffect, useId, useState } from 'react'
import { useCity } from '../../api/session'
import type { Severity } from '../../api/types'
import { coordinates, middle, nameIn, readCoordinates } from '../../format'
import { useText } from '../../i18n'
import { Combo, type ComboDoor, Icon, SeveritySign } from '../../ui'
import { usePlaces } from './dispatch.queries'
import { type Draft, matches } from './incident'

type Props = {
  draft: Draft
  put: (change: Partial<Draft>) => void
  /** Whether saving was tried: what is missing is said only then. */
  tried: boolean
  typeDoor: Ref<ComboDoor>
  onEscape: () => void
  /** Tells the map where the draft stands, and that a click there places it. */
  onPlace: (place: Point | null) => void
  /** Whether words and caller may be seen, and so be changed. */
  words: boolean
  /** What is known of the place and the type so far. */
  known?: ReactNode
}

/** What an incident consists of, to be typed. Choosing a type proposes its priority. */
export function IncidentFields({ draft, put, tried, typeDoor, onEscape, onPlace, words, known }: Props) {
  const { t, language } = useText()
  const city = useCity()
  const id = useId()
  const [typed, setTyped] = useState<string | null>(null)
  const [placeTyped, setPlaceTyped] = useState<string | null>(null)
  const name = (names: Parameters<typeof nameIn>[0]) => nameIn(names, language, city.languages)
  const type = city.incidentTypes.find((one) => one.code === draft.type)
  const point = readCoordinates(draft.place)
  const priority = draft.priority ?? type?.priority ?? null
  const types = city.incidentTypes.filter((one) => typed === null || matches(typed, [name(one.name), one.code]))
  const { places: found, searching } = usePlaces(placeTyped ?? '')
  const places = [
    ...city.districts
      .filter((one) => placeTyped === null || matches(placeTyped, [name(one.name)]))
      .map((one) => ({ key: `district ${one.id}`, label: name(one.name), kind: t('form.district'), point: middle(one.area) })),
    ...found.map((one, at) => ({ key: `place ${at} ${one.label}`, label: one.label, kind: t(`form.kind.${one.kind}`), point: one.place as Point | null })),
  ]
  const [picked, setPicked] = useState<{ label: string; at: string } | null>(null)
  const missing = { type: tried && !type, place: tried && !point }

  const at = point ? `${point.coordinates}` : ''
  useEffect(() => onPlace(readCoordinates(draft.place)), [at, onPlace])
  useEffect(() => () => onPlace(null), [onPlace])
  useEffect(() => setTyped(null), [draft.type])

  return (
    <div className="form-body">
      <Combo
        door={typeDoor}
        autoFocus
        required
        invalid={missing.type}
        describedBy={missing.type ? `${id}-type-error` : undefined}
        label={t('form.type')}
        text={typed ?? (type ? name(type.name) : '')}
        onText={setTyped}
        items={types}
        keyOf={(one) => one.code}
        chosen={type && typed === null ? type.code : undefined}
        placeholder={t('form.typePlaceholder')}
        onEscape={() => (typed === null ? onEscape() : setTyped(null))}
        onPick={(one) => { setTyped(null); put({ type: one.code, priority: one.priority }) }}
        empty={t('form.noType')}
        render={(one) => <span className="unit-line"><SeveritySign level={one.priority} /><span className="one-line" dir="auto">{name(one.name)}</span><bdi className="muted is-end mono">{one.code}</bdi></span>}
      />
      {missing.type ? <p className="field-error" id={`${id}-type-error`}>{t('form.typeMissing')}</p> : null}

      <fieldset className="levels">
        <legend className="label">{t('form.priority')}</legend>
        {([1, 2, 3, 4] as const).map((level: Severity) => (
          <label key={level} className={priority === level ? 'is-on' : ''}>
            <input type="radio" name={`${id}-priority`} checked={priority === level} onChange={() => put({ priority: level })} />
            <SeveritySign level={level} word name={name(city.priorities.find((one) => one.level === level)?.name) || t(`severity.${level}`)} />
          </label>
        ))}
      </fieldset>

      <Combo
        required
        invalid={missing.place}
        describedBy={`${id}-place-hint`}
        label={t('form.place')}
        text={placeTyped ?? draft.place}
        onText={(text) => {
          setPlaceTyped(text)
          if (readCoordinates(text) || text === '') { put({ place: text }); setPlaceTyped(text === '' ? '' : null) }
        }}
        items={places}
        keyOf={(one) => one.key}
        chosen={point ? '' : undefined}
        onEscape={() => (placeTyped ? setPlaceTyped(null) : onEscape())}
        placeholder={t('form.placePlaceholder')}
        onPick={(one) => {
          if (one.point) {
            put({ place: coordinates(one.point) })
            setPicked({ label: one.label, at: coordinates(one.point) })
          }
          setPlaceTyped(null)
        }}
        empty={t(searching ? 'states.loading' : placeTyped ? 'form.noPlace' : 'form.noDistrict')}
        render={(one) => <span className="unit-line"><Icon name="pin" /><span className="one-line" dir="auto">{one.label}</span><small className="muted is-end">{one.kind}</small></span>}
      />
      <p className="hint" id={`${id}-place-hint`}>{picked && picked.at === draft.place ? <bdi dir="auto">{picked.label}</bdi> : t('form.placeHint')}</p>
      {missing.place ? <p className="field-error">{t('form.placeMissing')}</p> : null}

      {words ? (
        <>
          <label className="label" htmlFor={`${id}-description`}>{t('form.description')}</label>
          <textarea id={`${id}-description`} className="input" rows={4} dir="auto" maxLength={8000} value={draft.description} onChange={(event) => put({ description: event.target.value })} />
          <div className="form-pair">
            <label><span className="label">{t('form.callerName')}</span><input className="input" dir="auto" autoComplete="off" maxLength={200} value={draft.callerName} onChange={(event) => put({ callerName: event.target.value })} /></label>
            <label><span className="label">{t('form.callerPhone')}</span><input className="input" dir="ltr" type="tel" autoComplete="off" maxLength={60} value={draft.callerPhone} onChange={(event) => put({ callerPhone: event.target.value })} /></label>
          </div>
        </>
      ) : <p className="hint">{t('incident.withheld')}</p>}
      {known}
    </div>
  )
}
