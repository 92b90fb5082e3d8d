import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { request } from '../../api/http'
import { cacheKeys } from '../../api/keys'
import { useCity } from '../../api/session'
import type { Camera } from '../../api/types'
import { bytes, clock, dayAndClock, isoDay, nameIn } from '../../format'
import { useText } from '../../i18n'
import { Failure, Icon, Notice, perform, Skeleton } from '../../ui'
import { openIncidentsQuery } from '../incidents'
import { dropPart, emptyBasket, useBasket } from './basket'
import { under } from './purpose'
import type { Chosen } from './usePurpose'
import { type ExportPart, exportsQuery, type VideoExport } from './video.queries'

type Props = { cameras: readonly Camera[]; chosen: Chosen; incident: string | undefined; may: boolean; onClose: () => void; onShow: (part: ExportPart) => void }

/** What is to be taken out as evidence, why and for which case; and what was taken out before. */
export function ExportPanel({ cameras, chosen, incident, may, onClose, onShow }: Props) {
  const { t } = useText()
  const exports = useQuery(exportsQuery)
  return (
    <div className="panel">
      <header className="pane-head">
        <h2>{t('video.exports')}</h2>
        <button type="button" className="button is-bare is-end" aria-label={t('actions.close')} onClick={onClose}><Icon name="close" /></button>
      </header>
      <div className="export-body">
        {may ? <Basket cameras={cameras} chosen={chosen} incident={incident} onShow={onShow} /> : <Notice icon="key" title={t('video.noExport')} />}
        <h3>{t('video.pastExports')}</h3>
        {exports.isPending ? <Skeleton rows={3} /> : null}
        {exports.isError && !exports.data ? <Failure title={t('video.exportsFailed')} error={exports.error} retry={() => void exports.refetch()} /> : null}
        {exports.data?.length === 0 ? <p className="muted">{t('video.noExports')}</p> : null}
        <ul className="exports">{(exports.data ?? []).map((one) => <ExportRow key={one.id} one={one} chosen={chosen} onShow={onShow} />)}</ul>
      </div>
    </div>
  )
}

function Basket({ cameras, chosen, incident, onShow }: Pick<Props, 'cameras' | 'chosen' | 'incident' | 'onShow'>) {
  const { t, language } = useText()
  const city = useCity()
  const client = useQueryClient()
  const parts = useBasket()
  const open = useQuery(openIncidentsQuery(client)).data ?? []
  const [reason, setReason] = useState('')
  const [picked, setPicked] = useState<string | null>(null)
  const [other, setOther] = useState('')
  const [sending, setSending] = useState(false)
  const ids = useId()
  const asked = picked ?? incident ?? ''
  const forCase = asked === 'other' ? other.trim() : asked
  const name = (id: string) => cameras.find((one) => one.id === id)?.name ?? id
  const typeName = (code: string) => nameIn(city.incidentTypes.find((one) => one.code === code)?.name ?? code, language, city.languages)
  const ready = parts.length > 0 && reason.trim() !== '' && forCase !== ''
  const send = async () => {
    setSending(true)
    // Under an incident that is open the server finds the purpose; else under the grant that was taken.
    const grant = asked === 'other' || !open.some((one) => one.id === asked) ? chosen.purpose.grant : undefined
    const done = await perform({
      done: t('video.exportAsked'), failed: t('video.exportFailed'),
      send: (key) => request<VideoExport>('POST', '/api/video/exports', { body: { parts, case: forCase, reason: reason.trim() }, key, grant }),
      settled: (made) => client.setQueryData<VideoExport[]>(cacheKeys.videoExports, (held) => [made, ...(held ?? []).filter((one) => one.id !== made.id)]),
    })
    setSending(false)
    if (!done) return
    setReason('')
    emptyBasket()
  }
  if (parts.length === 0) return <p className="export-hint muted">{t('video.basketEmpty')}</p>
  return (
    <form className="basket" onSubmit={(event) => { event.preventDefault(); if (ready && !sending) void send() }}>
      <h3>{t('video.basket', { count: parts.length })}</h3>
      <ul>
        {parts.map((part) => (
          <li key={`${part.camera} ${part.from}`}>
            <button type="button" className="link one-line" onClick={() => onShow(part)}><bdi>{name(part.camera)}</bdi></button>
            <Span part={part} />
            <button type="button" className="button is-bare" aria-label={t('video.dropPart', { camera: name(part.camera) })} onClick={() => dropPart(part)}><Icon name="close" /></button>
          </li>
        ))}
      </ul>
      <label className="label" htmlFor={`${ids}-case`}>{t('video.case')}</label>
      <span className="select">
        <select id={`${ids}-case`} value={asked} required onChange={(event) => setPicked(event.target.value)}>
          <option value="">{t('video.chooseCase')}</option>
          {open.map((one) => <option key={one.id} value={one.id}>{`${one.number} ${typeName(one.type)}`}</option>)}
          {incident && !open.some((one) => one.id === incident) ? <option value={incident}>{t('video.incident')}</option> : null}
          <option value="other">{t('video.otherCase')}</option>
        </select>
      </span>
      {asked === 'other' ? <input className="input" dir="auto" value={other} maxLength={200} required aria-label={t('video.otherCase')} placeholder={t('video.caseNumber')} onChange={(event) => setOther(event.target.value)} /> : null}
      <label className="label" htmlFor={`${ids}-reason`}>{t('video.reason')}</label>
      <textarea id={`${ids}-reason`} className="input" dir="auto" rows={2} maxLength={1_000} required value={reason} placeholder={t('video.reasonHint')} onChange={(event) => setReason(event.target.value)} />
      <button type="submit" className="button is-big" disabled={!ready || sending}>{t('video.export')}</button>
      <p className="hint">{t('video.exportNote')}</p>
    </form>
  )
}

function Span({ part }: { part: ExportPart }) {
  const { language } = useText()
  const { timeZone } = useCity()
  return <bdi dir="ltr" className="export-span">{`${isoDay(Date.parse(part.from), timeZone).slice(5)} ${clock(part.from, language, timeZone)} – ${clock(part.to, language, timeZone)}`}</bdi>
}

function ExportRow({ one, chosen, onShow }: { one: VideoExport; chosen: Chosen; onShow: (part: ExportPart) => void }) {
  const { t, language } = useText()
  const { timeZone } = useCity()
  const client = useQueryClient()
  const busy = one.state === 'queued' || one.state === 'running'
  const remove = () => void perform({
    done: t('video.exportRemoved'), failed: t('video.exportNotRemoved'), quiet: true,
    send: (key) => request<void>('DELETE', `/api/video/exports/${one.id}`, { key }),
    settled: () => void client.invalidateQueries({ queryKey: cacheKeys.videoExports }),
  })
  return (
    <li className={`export is-${one.state}`}>
      <div className="export-head">
        <b className="one-line" dir="auto">{one.reason}</b>
        <span className="chip">{t(`video.exportStates.${one.state}`)}</span>
      </div>
      {busy ? <progress max={100} value={one.percent} aria-label={t('video.exportProgress')} /> : null}
      <small><time dateTime={one.at}>{dayAndClock(one.at, language, timeZone)}</time> · <bdi>{one.by}</bdi>{one.bytes > 0 ? <> · <bdi>{bytes(one.bytes, language)}</bdi></> : null}</small>
      <ul>{one.parts.map((part) => <li key={`${part.camera} ${part.from}`}><button type="button" className="link one-line" onClick={() => onShow(part)}><bdi>{part.name}</bdi></button><Span part={part} /></li>)}</ul>
      {one.detail ? <small className="field-error" dir="auto">{one.detail}</small> : null}
      <div className="export-foot">
        {one.bundle ? <a className="button" href={`${one.bundle}${under({ grant: chosen.purpose.grant })}`} download>{t('video.download')}</a> : null}
        {busy || one.state === 'ready' ? <button type="button" className="button is-quiet" onClick={remove}>{t(busy ? 'video.endExport' : 'video.removeExport')}</button> : null}
      </div>
      {one.sha256 ? <small className="mono one-line" title={one.sha256}><bdi dir="ltr">{`SHA-256 ${one.sha256}`}</bdi></small> : null}
    </li>
  )
}
