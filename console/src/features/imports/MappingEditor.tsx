import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useId, useMemo, useState } from 'react'
import { NoAnswer, Refused } from '../../api/http'
import { cacheKeys } from '../../api/keys'
import { useCity, useSignedIn } from '../../api/session'
import { bytes, nameIn } from '../../format'
import { useText } from '../../i18n'
import { Failure, Icon, perform, Skeleton } from '../../ui'
import { discardFile, type Preview, previewQuery, type Run, startRun } from './imports.api'
import { doubled, type Line, linesOf, type Mapping, mappingOf } from './mapping'
import { MappingTable } from './MappingTable'
import { PreviewRows } from './PreviewRows'

const PlacesMap = lazy(() => import('./PlacesMap').then((loaded) => ({ default: loaded.PlacesMap })))
const pauseMs = 400

/** A file that waits: what is guessed of it, to be mended, with what becomes of its first rows. */
export function MappingEditor({ run, onGone }: { run: Run; onGone: () => void }) {
  const { t } = useText()
  const guess = useQuery(previewQuery(run.id, null))
  if (guess.isPending) return <Skeleton />
  if (guess.isError) return <Failure title={t('imports.noPreview')} error={guess.error} retry={() => void guess.refetch()} />
  return <Editor run={run} guess={guess.data} onGone={onGone} />
}

function Editor({ run, guess, onGone }: { run: Run; guess: Preview; onGone: () => void }) {
  const { t, language } = useText()
  const client = useQueryClient()
  const [head, setHead] = useState<Mapping>(guess.mapping)
  const [lines, setLines] = useState<Line[]>(() => linesOf(guess.mapping, guess.columns.map((one) => one.name)))
  const [busy, setBusy] = useState(false)
  const mapping = useMemo(() => mappingOf(head, lines), [head, lines])
  const asked = useRested(mapping)
  const preview = useQuery({ ...previewQuery(run.id, asked), placeholderData: keepPreviousData })
  const shown = preview.data ?? guess
  const samples = new Map(shown.columns.map((one) => [one.name, one.samples]))
  const settled = (next: Run) => client.setQueryData<Run[]>(cacheKeys.imports, (held) => held?.map((one) => (one.id === next.id ? next : one)))
  const start = async () => {
    setBusy(true)
    await perform({ done: t('imports.started', { file: run.name }), failed: t('imports.startFailed', { file: run.name }), send: (key) => startRun(run.id, mapping, key), settled })
    setBusy(false)
  }
  const discard = () => perform({
    done: t('imports.discarded', { file: run.name }), failed: t('imports.discardFailed', { file: run.name }), send: (key) => discardFile(run.id, key),
    settled: () => { client.setQueryData<Run[]>(cacheKeys.imports, (held) => held?.filter((one) => one.id !== run.id)); onGone() },
  })
  return (
    <div className="import-editor">
      <header className="import-head">
        <h2><bdi>{run.name}</bdi></h2>
        <span className="muted">{t('imports.rows', { count: run.rows })} · {bytes(run.bytes, language)}</span>
        <span className="is-end import-deeds">
          <button type="button" className="button is-quiet" onClick={() => void discard()}>{t('imports.discard')}</button>
          <button type="button" className="button" disabled={busy || preview.isError || preview.isFetching} onClick={() => void start()}><Icon name="go" />{t('imports.start', { count: run.rows })}</button>
        </span>
      </header>
      <div className="import-body">
        <HeadFields run={run} head={head} onChange={(change) => setHead((old) => ({ ...old, ...change }))} />
        <section aria-label={t('imports.mapping')}>
          <h3>{t('imports.mapping')}</h3>
          <p className="hint">{t('imports.mappingHint')}</p>
          <MappingTable lines={lines} samples={samples} doubled={doubled(lines)} columns={shown.columns.map((one) => one.name)} onChange={setLines} />
        </section>
        <section aria-label={t('imports.preview')}>
          <h3>{t('imports.preview')}</h3>
          {preview.isError ? <Problem error={preview.error} /> : null}
          {shown.rows.length > 0 && !preview.isError ? (
            <div className={preview.isPlaceholderData ? 'is-pending' : ''}>
              <PreviewRows rows={shown.rows} />
              <Suspense fallback={null}><PlacesMap rows={shown.rows} /></Suspense>
            </div>
          ) : null}
        </section>
      </div>
    </div>
  )
}

/** What it was a moment ago, so that not each letter asks the server. */
function useRested<T>(value: T): T {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), pauseMs)
    return () => clearTimeout(timer)
  }, [value])
  return rested
}

function Problem({ error }: { error: unknown }) {
  const { t } = useText()
  const problem = error instanceof Refused ? error.problem : null
  return (
    <p className="import-problem" role="alert">
      <Icon name="alert" />
      <span><b dir="auto">{problem ? (problem.detail ?? problem.title) : error instanceof NoAnswer ? t('actions.noAnswer') : String(error)}</b> {problem?.remedy ? <span dir="auto">{problem.remedy}</span> : null}</span>
    </p>
  )
}

const encodings = ['UTF-8', 'windows-1252', 'ISO-8859-15', 'windows-1250', 'windows-1251', 'windows-1256', 'UTF-16LE', 'UTF-16BE', 'GB18030', 'Big5']
const delimiters: Record<string, string> = { ',': ',', ';': ';', '|': '|', '\t': 'Tab' }

function HeadFields({ run, head, onChange }: { run: Run; head: Mapping; onChange: (change: Partial<Mapping>) => void }) {
  const { t, language } = useText()
  const city = useCity()
  const session = useSignedIn()
  const id = useId()
  const dialect = { ...run.dialect, ...head.dialect }
  // Whose a new entity may be is for the server to say: the preview tells at once.
  const owners = [{ ...session.organisation, id: '' }, ...city.organisations.filter((one) => one.id !== session.organisation.id)]
    .map((one): [string, string] => [one.id, nameIn(one.name, language, city.languages)])
  const written = (change: Partial<NonNullable<Mapping['dialect']>>) => onChange({ dialect: { ...head.dialect, format: run.dialect.format, ...change } })
  const field = (name: string, label: string, value: string, change: (text: string) => void) => (
    <div className={`import-field is-${name}`}><label className="label" htmlFor={id + name}>{label}</label><input id={id + name} className="input mono" dir="ltr" spellCheck={false} autoComplete="off" value={value} onChange={(event) => change(event.target.value)} /></div>
  )
  const select = (name: string, label: string, value: string, options: [string, string][], change: (text: string) => void) => (
    <div className="import-field select"><label className="label" htmlFor={id + name}>{label}</label><select id={id + name} value={value} onChange={(event) => change(event.target.value)}>{options.map(([key, word]) => <option key={key} value={key}>{word}</option>)}</select></div>
  )
  return (
    <div className="import-fields">
      {field('type', t('imports.type'), head.type, (type) => onChange({ type }))}
      {field('id', t('imports.id'), head.id ?? '', (text) => onChange({ id: text }))}
      {select('owner', t('imports.owner'), head.owner ?? '', owners, (owner) => onChange({ owner }))}
      {select('existing', t('imports.existing'), head.existing ?? 'update', [['update', t('imports.update')], ['replace', t('imports.replace')]], (existing) => onChange({ existing: existing as 'update' | 'replace' }))}
      {field('zone', t('imports.zone'), head.zone ?? '', (zone) => onChange({ zone }))}
      {run.dialect.format === 'csv' ? (
        <>
          {select('encoding', t('imports.encoding'), dialect.encoding ?? 'UTF-8', encodings.map((one) => [one, one]), (encoding) => written({ encoding }))}
          {select('delimiter', t('imports.delimiter'), dialect.delimiter ?? ',', Object.entries(delimiters), (delimiter) => written({ delimiter }))}
          {select('decimal', t('imports.decimal'), dialect.decimal ?? '.', [['.', '1.5'], [',', '1,5']], (decimal) => written({ decimal }))}
        </>
      ) : null}
    </div>
  )
}
