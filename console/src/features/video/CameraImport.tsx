import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { requestAs } from '../../api/http'
import { cacheKeys } from '../../api/keys'
import { useText } from '../../i18n'
import { Icon, perform } from '../../ui'

type Outcome = { line: number; name: string; outcome: 'added' | 'refused'; id?: string; detail?: string; remedy?: string }
type Report = { added: number; refused: number; rows: Outcome[] }

const columns = 'name,source,longitude,latitude,organisation,heading,record'

/** Many cameras from a table; each row says what became of it. */
export function CameraImport() {
  const { t } = useText()
  const client = useQueryClient()
  const [table, setTable] = useState('')
  const [report, setReport] = useState<Report | null>(null)
  const [sending, setSending] = useState(false)
  const read = (file: File | undefined) => void file?.text().then((text) => { setTable(text); setReport(null) })
  const send = async () => {
    setSending(true)
    await perform({
      done: '', failed: t('cameras.importFailed'), quiet: true,
      send: (key) => requestAs('POST', '/api/video/cameras', { sent: { type: 'text/csv', body: table }, key, timeoutMs: 120_000 }, 'application/json', (answer) => answer.json() as Promise<Report>),
      settled: ({ text: told }) => {
        setReport(told)
        // Logins stand in the table: nothing of it stays on the screen once it was taken.
        if (told.refused === 0) setTable('')
        void client.invalidateQueries({ queryKey: cacheKeys.cameras })
      },
    })
    setSending(false)
  }
  const refused = report?.rows.filter((one) => one.outcome === 'refused') ?? []
  return (
    <div className="import" onDragOver={(event) => event.preventDefault()} onDrop={(event) => { event.preventDefault(); read(event.dataTransfer.files[0]) }}>
      <p className="hint">{t('cameras.importHint')}</p>
      <code className="mono" dir="ltr">{columns}</code>
      <label className="button is-quiet file-button"><Icon name="save" />{t('cameras.chooseFile')}<input type="file" className="sr-only" accept=".csv,text/csv" onChange={(event) => { read(event.target.files?.[0]); event.target.value = '' }} /></label>
      <label className="label" htmlFor="camera-table">{t('cameras.table')}</label>
      <textarea id="camera-table" className="input mono" dir="ltr" rows={7} spellCheck={false} value={table} onChange={(event) => { setTable(event.target.value); setReport(null) }} />
      <button type="button" className="button is-big" disabled={table.trim() === '' || sending} onClick={() => void send()}>{sending ? t('states.sending') : t('cameras.import')}</button>
      {report ? (
        <section className="import-report" role="status">
          <p><b className="import-added">{t('cameras.addedRows', { count: report.added })}</b> · <b className={report.refused > 0 ? 'is-bad' : 'muted'}>{t('cameras.refusedRows', { count: report.refused })}</b></p>
          <ul>
            {refused.map((one) => <li key={one.line}><b>{t('cameras.line', { line: one.line })} <bdi>{one.name}</bdi></b><span dir="auto">{one.detail}</span><span className="remedy" dir="auto">{one.remedy}</span></li>)}
            {report.rows.filter((one) => one.outcome === 'added').map((one) => <li key={one.line} className="is-added"><Icon name="check" />{t('cameras.line', { line: one.line })} <bdi>{one.name}</bdi></li>)}
          </ul>
        </section>
      ) : null}
    </div>
  )
}
