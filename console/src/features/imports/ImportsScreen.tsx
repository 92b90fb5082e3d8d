import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { type DragEvent, useRef, useState } from 'react'
import './imports.css'
import { NoAnswer, Refused } from '../../api/http'
import { cacheKeys } from '../../api/keys'
import { useRights } from '../../api/rights'
import { useCity } from '../../api/session'
import { useCommand } from '../../commands'
import { dayAndClock } from '../../format'
import { useText } from '../../i18n'
import { Failure, Icon, Keys, List, Notice, Skeleton } from '../../ui'
import { newKey } from '../../api/http'
import { MappingEditor } from './MappingEditor'
import { type Run, runsQuery, sendFile } from './imports.api'
import { RunReport } from './RunReport'

const route = getRouteApi('/imports')

/** Tables and features become entities: a file is chosen, its mapping is mended, a run goes on, and may be undone. */
export function ImportsScreen() {
  const { t, language } = useText()
  const city = useCity()
  const client = useQueryClient()
  const { importData } = useRights()
  const { run: chosenId } = route.useSearch()
  const navigate = route.useNavigate()
  const runs = useQuery({ ...runsQuery, enabled: importData })
  const chooser = useRef<HTMLInputElement>(null)
  const [sending, setSending] = useState<string | null>(null)
  const [refused, setRefused] = useState<unknown>(null)
  const [over, setOver] = useState(false)
  const go = (run: string | undefined) => void navigate({ search: run ? { run } : {} })
  useCommand('chooseFile', () => chooser.current?.click(), importData)
  const all = runs.data ?? []
  const chosen = all.find((one) => one.id === chosenId)

  const take = async (file: File | undefined) => {
    if (!file || sending) return
    setSending(file.name)
    setRefused(null)
    go(undefined)
    try {
      const run = await sendFile(file, newKey())
      client.setQueryData<Run[]>(cacheKeys.imports, (held) => [run, ...(held ?? [])])
      go(run.id)
    } catch (failure) {
      setRefused(failure)
    }
    setSending(null)
  }
  const dropped = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void take(event.dataTransfer.files[0])
  }
  if (!importData) return <main className="page" id="main"><Notice icon="key" title={t('imports.noRight')} /></main>
  return (
    <main className="imports" id="main">
      <h1 className="sr-only">{t('imports.title')}</h1>
      <section className="operations-list" data-pane="imports" aria-label={t('imports.past')}>
        <header className="pane-head">
          <h2>{t('imports.title')}</h2>
          <button type="button" className="button is-end" onClick={() => chooser.current?.click()}><Icon name="plus" />{t('imports.choose')}<Keys command="chooseFile" /></button>
        </header>
        <input ref={chooser} type="file" className="sr-only" tabIndex={-1} aria-label={t('imports.choose')} accept=".csv,.tsv,.txt,.json,.geojson,text/csv,application/json,application/geo+json" onChange={(event) => { void take(event.target.files?.[0]); event.target.value = '' }} />
        {runs.isPending ? <Skeleton /> : runs.isError && !runs.data ? <Failure title={t('imports.failed')} error={runs.error} retry={() => void runs.refetch()} /> : all.length === 0 ? <Notice icon="save" title={t('imports.none')}>{t('imports.noneHint')}</Notice> : (
          <List label={t('imports.past')} items={all} keyOf={(one) => one.id} selected={chosenId ?? null} onPick={(one) => go(one.id)} render={(one) => <RunLine run={one} at={dayAndClock(one.at, language, city.timeZone)} />} />
        )}
      </section>
      <section className={`import-work ${over ? 'is-over' : ''}`} data-pane="import" onDragOver={(event) => { event.preventDefault(); setOver(true) }} onDragLeave={() => setOver(false)} onDrop={dropped}>
        {sending ? <Notice icon="wait" title={t('imports.sending', { file: sending })}>{t('imports.sendingHint')}</Notice>
          : refused ? <Unread error={refused} onAgain={() => chooser.current?.click()} />
          : chosen?.state === 'ready' ? <MappingEditor key={chosen.id} run={chosen} onGone={() => go(undefined)} />
          : chosen ? <RunReport key={chosen.id} run={chosen} />
          : <Notice icon="save" title={t('imports.drop')}><p>{t('imports.dropHint')}</p><button type="button" className="button" onClick={() => chooser.current?.click()}>{t('imports.choose')}</button></Notice>}
      </section>
    </main>
  )
}

function Unread({ error, onAgain }: { error: unknown; onAgain: () => void }) {
  const { t } = useText()
  const problem = error instanceof Refused ? error.problem : null
  return (
    <Notice icon="alert" title={t('imports.unread')}>
      <p dir="auto">{problem ? (problem.detail ?? problem.title) : error instanceof NoAnswer ? t('actions.noAnswer') : String(error)}</p>
      {problem?.remedy ? <p className="remedy" dir="auto">{problem.remedy}</p> : null}
      <button type="button" className="button is-quiet" onClick={onAgain}>{t('imports.choose')}</button>
    </Notice>
  )
}

function RunLine({ run, at }: { run: Run; at: string }) {
  const { t } = useText()
  const bad = run.state === 'stopped' || run.counts.refused > 0
  return (
    <span className="import-line">
      <Icon name={run.state === 'ready' ? 'save' : run.state === 'running' || run.state === 'undoing' ? 'wait' : bad ? 'alert' : 'check'} />
      <span className="incident-main">
        <bdi className="one-line">{run.name}</bdi>
        <small className="one-line">{t(`imports.states.${run.state}`)} · {t('imports.rows', { count: run.rows })}</small>
      </span>
      <small className="is-end"><time dateTime={run.at}>{at}</time></small>
    </span>
  )
}
