import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { cacheKeys } from '../../api/keys'
import { useCity } from '../../api/session'
import { dayAndClock } from '../../format'
import { useText } from '../../i18n'
import { Failure, Icon, perform, Skeleton } from '../../ui'
import { Sheet } from '../../ui/Sheet'
import { faultsQuery, isAtWork, reportAddress, type Run, undoRun } from './imports.api'

/** A run: how far it is, what it did, what was wrong, and the way back. */
export function RunReport({ run }: { run: Run }) {
  const { t, language } = useText()
  const city = useCity()
  const client = useQueryClient()
  const [asking, setAsking] = useState(false)
  const { counts } = run
  const number = (value: number) => new Intl.NumberFormat(`${language}-u-nu-latn`).format(value)
  const touched = counts.created + counts.updated
  const undoing = run.state === 'undoing'
  const done = undoing ? counts.reverted + counts.kept : counts.read
  const undo = () => {
    setAsking(false)
    void perform({
      done: t('imports.undoStarted', { file: run.name }), failed: t('imports.undoFailed', { file: run.name }), send: (key) => undoRun(run.id, key),
      settled: (next) => client.setQueryData<Run[]>(cacheKeys.imports, (held) => held?.map((one) => (one.id === next.id ? next : one))),
    })
  }
  const figures: [string, number][] = [
    [t('imports.created'), counts.created], [t('imports.updated'), counts.updated], [t('imports.unchanged'), counts.unchanged], [t('imports.refused'), counts.refused],
    ...(counts.reverted + counts.kept > 0 ? [[t('imports.reverted'), counts.reverted], [t('imports.kept'), counts.kept]] as [string, number][] : []),
  ]
  return (
    <div className="import-editor">
      <header className="import-head">
        <h2><bdi>{run.name}</bdi></h2>
        <span className={`state-word is-${run.state === 'stopped' ? 'down' : run.state === 'done' && counts.refused === 0 ? 'ok' : 'warning'}`} role="status">{t(`imports.states.${run.state}`)}</span>
        {run.state === 'undone' || undoing ? null : <button type="button" className="button is-quiet is-end" disabled={touched === 0 && run.state !== 'running'} onClick={() => setAsking(true)}><Icon name="back" />{t('imports.undo')}</button>}
      </header>
      <div className="import-body">
        <p className="muted">{t('imports.by', { name: run.by, at: dayAndClock(run.startedAt ?? run.at, language, city.timeZone) })}</p>
        {isAtWork(run) ? <p className="import-progress"><progress max={undoing ? Math.max(1, touched) : run.rows} value={done} aria-label={t(`imports.states.${run.state}`)} /><span>{t('imports.progress', { done: number(done), all: number(undoing ? touched : run.rows) })}</span></p> : null}
        {run.fault ? <p className="import-problem" role="alert"><Icon name="alert" /><b dir="auto">{run.fault}</b></p> : null}
        <dl className="figures">{figures.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{number(value)}</dd></div>)}</dl>
        {counts.refused + counts.kept > 0 ? <Faults run={run} /> : isAtWork(run) ? null : <p className="muted">{t('imports.noFaults')}</p>}
      </div>
      <Sheet title={t('imports.undoTitle', { file: run.name })} open={asking} onClose={() => setAsking(false)}>
        <p>{t('imports.undoWarning', { created: number(counts.created), updated: number(counts.updated) })}</p>
        <div className="import-deeds"><button type="button" className="button is-quiet" onClick={() => setAsking(false)}>{t('actions.cancel')}</button><button type="button" className="button" onClick={undo}>{t('imports.undo')}</button></div>
      </Sheet>
    </div>
  )
}

function Faults({ run }: { run: Run }) {
  const { t } = useText()
  const faults = useQuery(faultsQuery(run))
  if (faults.isPending) return <Skeleton rows={3} />
  if (faults.isError) return <Failure title={t('imports.noReport')} error={faults.error} retry={() => void faults.refetch()} />
  return (
    <section aria-label={t('imports.report')}>
      <h3>{t('imports.report')}</h3>
      <p><a className="link" href={reportAddress(run.id)} download><Icon name="save" /> {t('imports.download')}</a></p>
      <div className="table-frame preview-frame" role="region" aria-label={t('imports.report')} tabIndex={0}>
        <table>
          <thead><tr><th scope="col">{t('imports.row')}</th><th scope="col">{t('imports.line')}</th><th scope="col">{t('imports.where')}</th><th scope="col">{t('imports.reason')}</th></tr></thead>
          <tbody>{faults.data.map((one) => <tr key={one.n}><th scope="row">{one.row ?? ''}</th><td>{one.line ?? ''}</td><td><bdi>{one.column ?? ''}</bdi> {one.entity ? <bdi className="mono" dir="ltr">{one.entity}</bdi> : null}</td><td dir="auto">{one.reason}</td></tr>)}</tbody>
        </table>
      </div>
    </section>
  )
}
