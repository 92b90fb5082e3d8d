import type { KeyboardEvent } from 'react'
import { useText } from '../../i18n'
import { type Datatype, datatypes, hasDatatype, hasPattern, hasUnit, type Kind, kinds, type Line, ofKind, sourceOf, type Target, told } from './mapping'

type Props = { lines: readonly Line[]; samples: Map<string, unknown[]>; doubled: Set<string>; columns: readonly string[]; onChange: (lines: Line[]) => void }

/** The mapping as a table of fields: Tab goes on, the arrows up and down stay in a column of it. */
export function MappingTable({ lines, samples, doubled, columns, onChange }: Props) {
  const { t } = useText()
  const change = (key: string, to: (line: Line) => Line) => onChange(lines.map((line) => (line.key === key ? to(line) : line)))
  return (
    <div className="table-frame" onKeyDown={moved}>
      <table className="mapping">
        <thead><tr><th scope="col">{t('imports.take')}</th><th scope="col">{t('imports.column')}</th><th scope="col">{t('imports.attribute')}</th><th scope="col">{t('imports.kind')}</th><th scope="col">{t('imports.datatype')}</th><th scope="col">{t('imports.more')}</th></tr></thead>
        <tbody>
          {lines.map((line) => (
            <MappingLine key={line.key} line={line} columns={columns} sample={(samples.get(line.target.column ?? line.target.latitude ?? '') ?? []).map(told).join(' · ')} twice={doubled.has(line.target.name)} onChange={(to) => change(line.key, to)} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function MappingLine({ line, sample, twice, columns, onChange }: { line: Line; sample: string; twice: boolean; columns: readonly string[]; onChange: (to: (line: Line) => Line) => void }) {
  const { t } = useText()
  const { target } = line
  const source = sourceOf(target)
  const kind = target.kind ?? 'Property'
  const place = target.latitude !== undefined
  const set = (change: Partial<Target>) => onChange((old) => ({ ...old, used: true, target: { ...old.target, ...change } }))
  const of = (what: string) => `${what}, ${source}`
  return (
    <tr className={line.used ? '' : 'is-unused'}>
      <td><label className="check"><input type="checkbox" data-column="take" checked={line.used} aria-label={of(t('imports.take'))} onChange={(event) => onChange((old) => ({ ...old, used: event.target.checked }))} /></label></td>
      <th scope="row"><bdi>{source}</bdi><small className="one-line" dir="auto">{sample}</small></th>
      <td><input className="input" dir="auto" data-column="name" spellCheck={false} aria-label={of(t('imports.attribute'))} aria-invalid={twice || undefined} value={target.name} onChange={(event) => set({ name: event.target.value })} />{twice ? <span className="field-error">{t('imports.twice')}</span> : null}</td>
      <td>
        {place ? <span className="muted">{t('imports.place')}</span> : (
          <span className="select"><select data-column="kind" aria-label={of(t('imports.kind'))} value={kind} onChange={(event) => onChange((old) => ({ ...old, used: true, target: ofKind(old.target, event.target.value as Kind) }))}>{kinds.map((one) => <option key={one} value={one}>{t(`imports.kinds.${one}`)}</option>)}</select></span>
        )}
      </td>
      <td>
        {!place && hasDatatype(kind) ? <span className="select"><select data-column="datatype" aria-label={of(t('imports.datatype'))} value={target.datatype ?? 'text'} onChange={(event) => set({ datatype: event.target.value as Datatype })}>{datatypes.map((one) => <option key={one} value={one}>{t(`imports.datatypes.${one}`)}</option>)}</select></span> : null}
      </td>
      <td><div className="mapping-more">
        {hasPattern(target) ? <Small label={t('imports.pattern')} of={source} value={target.pattern} hint="dd.MM.yyyy HH:mm" onText={(pattern) => set({ pattern })} /> : null}
        {hasUnit(target) ? <Small label={t('imports.unit')} of={source} value={target.unitCode} hint="MTR" onText={(unitCode) => set({ unitCode })} /> : null}
        {kind === 'ListProperty' ? <Small label={t('imports.separator')} of={source} value={target.separator} hint="," onText={(separator) => set({ separator })} /> : null}
        {kind === 'LanguageProperty' ? <Small label={t('imports.language')} of={source} value={target.language} hint="fr" onText={(language) => set({ language })} /> : null}
        {hasUnit(target) ? (
          <span className="select"><select data-column="observedAt" aria-label={of(t('imports.observedAt'))} value={target.observedAt ?? ''} onChange={(event) => set({ observedAt: event.target.value })}><option value="">{t('imports.noMoment')}</option>{columns.map((one) => <option key={one} value={one}>{one}</option>)}</select></span>
        ) : null}
      </div></td>
    </tr>
  )
}

function Small({ label, of, value, hint, onText }: { label: string; of: string; value: string | undefined; hint: string; onText: (text: string) => void }) {
  return <input className="input mono" dir="ltr" data-column="more" spellCheck={false} aria-label={`${label}, ${of}`} placeholder={`${label} ${hint}`} value={value ?? ''} onChange={(event) => onText(event.target.value)} />
}

/** From a text field to the one above or below; lists keep their arrows. */
function moved(event: KeyboardEvent<HTMLElement>): void {
  const from = event.target
  if (!(from instanceof HTMLInputElement) || !(event.key === 'ArrowDown' || event.key === 'ArrowUp' || event.key === 'Enter') || event.nativeEvent.isComposing) return
  const fields = [...event.currentTarget.querySelectorAll<HTMLInputElement>(`input[data-column='${from.dataset.column ?? ''}']`)]
  const next = fields[fields.indexOf(from) + (event.key === 'ArrowUp' ? -1 : 1)]
  if (!next) return
  event.preventDefault()
  next.focus()
  if (next.type !== 'checkbox') next.select()
}
