import { useQueryClient } from '@tanstack/react-query'
import type { Point } from 'geojson'
import { lazy, Suspense, useId, useState } from 'react'
import { request } from '../../api/http'
import { newId } from '../../api/ids'
import { cacheKeys } from '../../api/keys'
import { useCity, useSignedIn } from '../../api/session'
import type { Camera } from '../../api/types'
import { bounds, coordinates, nameIn, readCoordinates } from '../../format'
import { useText } from '../../i18n'
import { Icon, perform } from '../../ui'
import { Sheet } from '../../ui/Sheet'

const CityMap = lazy(() => import('../../map/CityMap').then((loaded) => ({ default: loaded.CityMap })))

const address = 'rtsp://…'
const degrees = '43.73110, 7.41970'

type Fields = { name: string; source: string; sub: string; user: string; password: string; certificate: string; place: string; heading: string; organisation: string; record: boolean }
type Props = { camera?: Camera; onDone: () => void; onRemove?: () => void }

/** Only over TLS does a camera show a certificate. */
const secured = (source: string) => source.trim().startsWith('rtsps:')

/** What is sent: of a change only what was changed, so that a source that is shown without its login is not sent back so. */
export function bodyOf(fields: Fields, before: Fields | null): Record<string, unknown> {
  const body: Record<string, unknown> = {}
  const put = (key: keyof Fields, value: unknown) => {
    if (before === null || fields[key] !== before[key]) body[key] = value
  }
  put('name', fields.name.trim())
  put('source', fields.source.trim())
  if (fields.sub.trim() !== '' || before !== null) put('sub', fields.sub.trim())
  if (fields.user !== '') body.user = fields.user
  if (fields.password !== '') body.password = fields.password
  if (before !== null || (secured(fields.source) && fields.certificate.trim() !== '')) put('certificate', fields.certificate.trim())
  put('place', readCoordinates(fields.place))
  if (fields.heading.trim() !== '') put('heading', Number(fields.heading))
  if (before === null) body.organisation = fields.organisation
  put('record', fields.record)
  return body
}

export function CameraForm({ camera, onDone, onRemove }: Props) {
  const { t, language } = useText()
  const city = useCity()
  const session = useSignedIn()
  const client = useQueryClient()
  const ids = useId()
  const [before] = useState<Fields | null>(() => camera ? { name: camera.name, source: camera.source ?? '', sub: camera.sub ?? '', user: '', password: '', certificate: camera.certificate ?? '', place: coordinates(camera.place), heading: camera.heading === null ? '' : String(camera.heading), organisation: camera.organisation, record: camera.record } : null)
  const [fields, setFields] = useState<Fields>(before ?? { name: '', source: '', sub: '', user: '', password: '', certificate: '', place: '', heading: '', organisation: session.organisation.id, record: true })
  const [picking, setPicking] = useState(false)
  const [sending, setSending] = useState(false)
  const place = readCoordinates(fields.place)
  const sourceFits = fields.source.trim() === 'whip' || /^rtsps?:\/\/[^\s/]+/.test(fields.source.trim())
  const headingFits = fields.heading.trim() === '' || (Number(fields.heading) >= 0 && Number(fields.heading) <= 360)
  const ready = fields.name.trim() !== '' && sourceFits && place !== null && headingFits
  const set = (change: Partial<Fields>) => setFields((old) => ({ ...old, ...change }))
  const save = async () => {
    setSending(true)
    const words = { camera: fields.name.trim() }
    const body = bodyOf(fields, before)
    const done = await perform<Camera>({
      done: t('cameras.saved', words), failed: t('cameras.saveFailed', words),
      send: (key) => camera
        ? request('PATCH', `/api/video/cameras/${encodeURIComponent(camera.id)}`, { body, key })
        : request('POST', '/api/video/cameras', { body: { ...body, id: newId('Camera') }, key }),
      settled: (answer) => client.setQueryData<Camera[]>(cacheKeys.cameras, (held) => held && [...held.filter((one) => one.id !== answer.id), answer]),
    })
    setSending(false)
    if (done) onDone()
  }
  return (
    <form className="form" autoComplete="off" onSubmit={(event) => { event.preventDefault(); if (ready && !sending) void save() }}>
      <div className="form-body">
        <label className="label" htmlFor={`${ids}-name`}>{t('cameras.name')}</label>
        <input id={`${ids}-name`} className="input" dir="auto" autoFocus={!camera} required maxLength={200} value={fields.name} onChange={(event) => set({ name: event.target.value })} />
        <label className="label" htmlFor={`${ids}-source`}>{t('cameras.source')}</label>
        <input id={`${ids}-source`} className="input mono" dir="ltr" required spellCheck={false} value={fields.source} placeholder={address} aria-describedby={`${ids}-source-hint`} aria-invalid={fields.source !== '' && !sourceFits} onChange={(event) => set({ source: event.target.value })} />
        <p className="hint" id={`${ids}-source-hint`}>{t('cameras.sourceHint')}</p>
        <div className="form-pair">
          <label><span className="label">{t('cameras.user')}</span><input className="input" dir="ltr" autoComplete="off" spellCheck={false} value={fields.user} placeholder={camera ? t('cameras.unchanged') : ''} onChange={(event) => set({ user: event.target.value })} /></label>
          <label><span className="label">{t('cameras.password')}</span><input className="input" dir="ltr" type="password" autoComplete="new-password" value={fields.password} placeholder={camera ? t('cameras.unchanged') : ''} onChange={(event) => set({ password: event.target.value })} /></label>
        </div>
        <p className="hint">{t('cameras.secretHint')}</p>
        {secured(fields.source) ? (
          <>
            <label className="label" htmlFor={`${ids}-certificate`}>{t('cameras.certificate')}</label>
            <input id={`${ids}-certificate`} className="input mono" dir="ltr" spellCheck={false} value={fields.certificate} aria-describedby={`${ids}-certificate-hint`} onChange={(event) => set({ certificate: event.target.value })} />
            <p className="hint" id={`${ids}-certificate-hint`}>{t('cameras.certificateHint')}</p>
          </>
        ) : null}
        <label className="label" htmlFor={`${ids}-sub`}>{t('cameras.sub')}</label>
        <input id={`${ids}-sub`} className="input mono" dir="ltr" spellCheck={false} value={fields.sub} placeholder={address} onChange={(event) => set({ sub: event.target.value })} />
        <label className="label" htmlFor={`${ids}-place`}>{t('cameras.place')}</label>
        <div className="place-field">
          <input id={`${ids}-place`} className="input" dir="ltr" required value={fields.place} placeholder={degrees} aria-invalid={fields.place !== '' && place === null} onChange={(event) => set({ place: event.target.value })} />
          <button type="button" className="button is-quiet" onClick={() => setPicking(true)}><Icon name="pin" />{t('cameras.pick')}</button>
        </div>
        <div className="form-pair">
          <label><span className="label">{t('cameras.heading')}</span><input className="input" dir="ltr" inputMode="decimal" value={fields.heading} aria-invalid={!headingFits} onChange={(event) => set({ heading: event.target.value })} /></label>
          <label><span className="label">{t('cameras.owner')}</span>
            <span className="select"><select value={fields.organisation} disabled={camera !== undefined} onChange={(event) => set({ organisation: event.target.value })}>{(session.organisations.some((one) => one.id === fields.organisation) ? session.organisations : city.organisations).map((one) => <option key={one.id} value={one.id}>{nameIn(one.name, language, city.languages)}</option>)}</select></span>
          </label>
        </div>
        <label className="check"><input type="checkbox" checked={fields.record} onChange={(event) => set({ record: event.target.checked })} />{t('cameras.record')}</label>
      </div>
      <div className="form-foot">
        <button type="submit" className="button" disabled={!ready || sending}>{t(camera ? 'actions.save' : 'cameras.add')}</button>
        <button type="button" className="button is-quiet" onClick={onDone}>{t('actions.cancel')}</button>
        {onRemove ? <button type="button" className="button is-quiet is-end is-danger" onClick={onRemove}>{t('cameras.remove')}</button> : null}
      </div>
      {picking ? <PlaceSheet place={place} onClose={() => setPicking(false)} onPlace={(found) => { set({ place: coordinates(found) }); setPicking(false) }} /> : null}
    </form>
  )
}

function PlaceSheet({ place, onPlace, onClose }: { place: Point | null; onPlace: (place: Point) => void; onClose: () => void }) {
  const { t, language } = useText()
  const city = useCity()
  const area = city.area ?? bounds(city.districts.map((one) => one.area))
  return (
    <Sheet title={t('cameras.pick')} open onClose={onClose}>
      <div className="place-map">
        <Suspense fallback={<div className="map-loading" role="status">{t('states.loading')}</div>}>
          <CityMap
            base={city.map} area={area} districts={city.districts.map((one) => ({ id: one.id, label: nameIn(one.name, language, city.languages), area: one.area }))}
            units={[]} incidents={[]} areas={[]} cameras={[]} selected={null} linked={[]} draft={place} focus={null} picking onPick={() => {}} onPlace={onPlace} note=""
          />
        </Suspense>
      </div>
    </Sheet>
  )
}
