import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useMemo, useRef, useState } from 'react'
import type { Warning } from '../../api/types'
import { roughly } from '../../format'
import { useText } from '../../i18n'
import { useNow } from '../../live'
import { Failure, Icon, List, type ListDoor, Notice, SeveritySign, Skeleton, warningLevels } from '../../ui'
import { areaNames, byArea, byGravity, holds, notReal } from './warning'
import { WarningDetail } from './WarningDetail'
import { activeWarningsQuery, endedWarningsQuery } from './warnings.queries'

/** `heads` is told by the first row of an area: how many the area has. */
type Row = { key: string; warning: Warning; area: string; heads?: number }
type Props = { selected: string | null; onSelect: (id: string | null) => void; onShow: (warning: Warning) => void }

/** Warnings in force, each or by area, also where no outline of the area is known; ended ones stay at hand. */
export function WarningPanel({ selected, onSelect, onShow }: Props) {
  const { t } = useText()
  const [ended, setEnded] = useState(false)
  const [grouped, setGrouped] = useState(false)
  const [filter, setFilter] = useState('')
  const active = useQuery(activeWarningsQuery)
  const past = useQuery({ ...endedWarningsQuery, enabled: ended })
  const shown = ended ? past : active
  const list = useRef<ListDoor>(null)
  const lately = useNow(30)
  const wanted = useDeferredValue(filter)

  const rows = useMemo(() => {
    const words = wanted.toLocaleLowerCase().split(/\s+/).filter(Boolean)
    const holding = (shown.data ?? []).filter((one) => ended || holds(one, lately))
    const found = (text: string) => words.every((word) => text.toLocaleLowerCase().includes(word))
    if (grouped) {
      return byArea(holding).flatMap(({ area, warnings }) =>
        warnings
          .filter((one) => found(`${area} ${one.event} ${one.severity}`))
          .map((warning, at, all): Row => ({ key: `${area} ${warning.id}`, warning, area, ...(at === 0 ? { heads: all.length } : {}) })),
      )
    }
    return holding
      .filter((one) => found(`${one.event} ${one.headline ?? ''} ${one.severity} ${one.areas.map((area) => area.name).join(' ')}`))
      .sort(ended ? (a, b) => Date.parse(b.sent) - Date.parse(a.sent) : byGravity)
      .map((warning): Row => ({ key: warning.id, warning, area: areaNames(warning).join(', ') }))
  }, [shown.data, wanted, grouped, ended, lately])

  if (selected !== null) return <WarningDetail id={selected} onClose={() => onSelect(null)} onShow={onShow} />
  return (
    <section className="panel" aria-label={t('warnings.title')}>
      <header className="pane-head">
        <h2>{t('warnings.title')}</h2>
        {shown.data ? <span className="muted" aria-live="polite">{t('warnings.listed', { count: rows.length })}</span> : null}
      </header>
      <div className="board-tools">
        <label className="search">
          <span className="sr-only">{t('warnings.filter')}</span><Icon name="search" />
          <input type="search" dir="auto" value={filter} placeholder={t('warnings.filter')} onChange={(event) => setFilter(event.target.value)}
            onKeyDown={(event) => { if (event.key === 'Enter' || event.key === 'ArrowDown') { event.preventDefault(); list.current?.focus() } }} />
        </label>
        <div className="segments" role="group" aria-label={t('warnings.which')}>
          <button type="button" aria-pressed={!ended} onClick={() => setEnded(false)}>{t('warnings.active')}</button>
          <button type="button" aria-pressed={ended} onClick={() => setEnded(true)}>{t('warnings.ended')}</button>
        </div>
        <button type="button" className="button is-quiet" aria-pressed={grouped} onClick={() => setGrouped(!grouped)}>{t('warnings.byArea')}</button>
      </div>
      {shown.isPending ? <Skeleton /> : null}
      {shown.isError && !shown.data ? <Failure title={t('warnings.failed')} error={shown.error} retry={() => void shown.refetch()} /> : null}
      {shown.data && rows.length === 0 ? <Notice icon="check" title={filter ? t('warnings.noMatch') : t(ended ? 'warnings.noneEnded' : 'warnings.none')} /> : null}
      {rows.length > 0 ? (
        <List
          door={list}
          label={t('warnings.title')}
          items={rows}
          keyOf={(row) => row.key}
          onPick={(row) => onSelect(row.warning.id)}
          rowClass={(row) => (notReal(row.warning) ? 'is-unreal' : '')}
          render={(row) => <WarningRow row={row} grouped={grouped} />}
        />
      ) : null}
    </section>
  )
}

export function Unreal({ warning }: { warning: Pick<Warning, 'real' | 'status'> }) {
  const { t } = useText()
  const mark = notReal(warning)
  return mark ? <strong className="unreal">{t(`warnings.unreal.${mark}`)}</strong> : null
}

function WarningRow({ row: { warning, area, heads }, grouped }: { row: Row; grouped: boolean }) {
  const { t, language } = useText()
  return (
    <div className="warning-row">
      {notReal(warning) ? <span className="severity" /> : <SeveritySign level={warningLevels[warning.severity]} name={t(`warnings.severity.${warning.severity}`)} />}
      <div className="incident-main">
        <span className="one-line"><Unreal warning={warning} /> <bdi className={grouped && heads === undefined ? 'muted' : ''}>{grouped ? area : warning.event}</bdi>{heads !== undefined && heads > 1 ? <span className="muted"> · {heads.toLocaleString(language)}</span> : null}</span>
        <small className="one-line"><bdi>{grouped ? warning.event : area || t('warnings.noArea')}</bdi></small>
      </div>
      <div className="incident-end">
        <span>{t(`warnings.severity.${warning.severity}`)}</span>
        <small><Expiry warning={warning} /></small>
      </div>
    </div>
  )
}

/** How long it still holds, or that it does no longer. */
export function Expiry({ warning }: { warning: Warning }) {
  const { t, language } = useText()
  const now = useNow()
  if (warning.state !== 'active') return <>{t(`warnings.state.${warning.state}`)}</>
  if (warning.expires === null) return <>{t('warnings.noExpiry')}</>
  const left = Date.parse(warning.expires) - now
  return <time dateTime={warning.expires}>{left > 0 ? t('warnings.endsIn', { time: roughly(left, language) }) : t('warnings.state.ended')}</time>
}
