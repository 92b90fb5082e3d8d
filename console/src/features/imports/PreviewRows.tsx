import { useText } from '../../i18n'
import { Icon } from '../../ui'
import type { Shown } from './imports.api'
import { told, valueOf } from './mapping'

/** The first rows as they would be; a row that would be refused says why. */
export function PreviewRows({ rows }: { rows: readonly Shown[] }) {
  const { t } = useText()
  const names = [...new Set(rows.flatMap((row) => Object.keys(row.entity ?? {})))].filter((name) => name !== 'id' && name !== 'type')
  return (
    <div className="table-frame preview-frame" role="region" aria-label={t('imports.preview')} tabIndex={0}>
      <table className="preview">
        <thead><tr><th scope="col">{t('imports.row')}</th><th scope="col">{t('imports.entity')}</th>{names.map((name) => <th key={name} scope="col"><bdi>{name}</bdi></th>)}</tr></thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.row} className={row.entity ? '' : 'is-refused'}>
              <th scope="row">{row.row}</th>
              {row.entity ? (
                <>
                  <td><span className="muted">{row.what === 'update' ? t('imports.willUpdate') : t('imports.willCreate')}</span> <bdi className="mono" dir="ltr">{String(row.entity.id)}</bdi></td>
                  {names.map((name) => <td key={name}><bdi className="preview-cell">{told(valueOf(row.entity?.[name]))}</bdi></td>)}
                </>
              ) : <td colSpan={names.length + 1}>{row.faults.map((fault) => <span key={`${fault.column} ${fault.reason}`} className="preview-fault"><Icon name="alert" />{fault.column ? <b><bdi>{fault.column}</bdi></b> : null} <span dir="auto">{fault.reason}</span></span>)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
