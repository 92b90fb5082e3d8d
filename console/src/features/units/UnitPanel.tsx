import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useRights } from '../../api/rights'
import { useCity } from '../../api/session'
import type { Unit, UnitState } from '../../api/types'
import { nameIn, roughly } from '../../format'
import { useText } from '../../i18n'
import { useNow } from '../../live'
import { Age, Failure, Icon, List, type ListDoor, Notice, Skeleton, StateSign } from '../../ui'
import { unitsQuery, useSetStatus } from './units.queries'

/** From this age on a position tells where a unit was, not where it is. */
export const staleAfterMs = 120_000
const order: UnitState[] = ['EMERGENCY', 'AVAILABLE', 'ASSIGNED', 'EN_ROUTE', 'ON_SCENE', 'TRANSPORTING', 'OUT_OF_SERVICE']

export function counts(units: readonly Unit[]): { free: number; busy: number; off: number } {
  const free = units.filter((one) => one.status.state === 'AVAILABLE').length
  const off = units.filter((one) => one.status.state === 'OUT_OF_SERVICE').length
  return { free, off, busy: units.length - free - off }
}

/** Out on the streets: where it is matters by the minute. */
const isOut = (unit: Unit) => unit.status.state !== 'AVAILABLE' && unit.status.state !== 'OUT_OF_SERVICE'

type Props = { selected: string | null; onSelect: (unit: Unit) => void; incidentNumber: (id: string) => string | undefined; onIncident: (id: string) => void }

/** All units with their state; a status is set by its code. */
export function UnitPanel({ selected, onSelect, incidentNumber, onIncident }: Props) {
  const { t, language } = useText()
  const city = useCity()
  const units = useQuery(unitsQuery)
  const [filter, setFilter] = useState('')
  const list = useRef<ListDoor>(null)
  const status = useRef<HTMLSelectElement>(null)
  const setStatus = useSetStatus()
  const now = useNow()
  const { setStatus: maySet, seeIncidents } = useRights()
  const reason = maySet ? undefined : t('rights.noStatus')
  const name = (names: Parameters<typeof nameIn>[0]) => nameIn(names, language, city.languages)
  const statusName = (unit: Unit) => name(city.unitStatuses.find((one) => one.code === unit.status.code)?.name) || t(`unitState.${unit.status.state}`)
  const kindName = (unit: Unit) => name(city.unitKinds.find((one) => one.code === unit.kind)?.name ?? unit.kind)
  const words = filter.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  const items = (units.data ?? [])
    .filter((unit) => words.every((word) => `${unit.callSign} ${kindName(unit)} ${statusName(unit)}`.toLocaleLowerCase().includes(word)))
    .sort((a, b) => order.indexOf(a.status.state) - order.indexOf(b.status.state) || a.callSign.localeCompare(b.callSign, undefined, { numeric: true }))
  const chosen = units.data?.find((one) => one.id === selected)
  const count = counts(units.data ?? [])
  return (
    <section className="panel" aria-label={t('units.title')}>
      <header className="pane-head">
        <h2>{t('units.title')}</h2>
        {units.data ? <span className="muted">{t('units.counts', count)}</span> : null}
      </header>
      <div className="board-tools">
        <label className="search">
          <span className="sr-only">{t('units.filter')}</span><Icon name="search" />
          <input type="search" dir="auto" value={filter} placeholder={t('units.filter')} onChange={(event) => setFilter(event.target.value)}
            onKeyDown={(event) => { if (event.key === 'Enter' || event.key === 'ArrowDown') { event.preventDefault(); list.current?.focus() } }} />
        </label>
      </div>
      {units.isPending ? <Skeleton /> : null}
      {units.isError && !units.data ? <Failure title={t('units.failed')} error={units.error} retry={() => void units.refetch()} /> : null}
      {units.data && items.length === 0 && !seeIncidents ? <Notice icon="key" title={t('rights.noUnits')} /> : null}
      {units.data && items.length === 0 && seeIncidents ? <Notice icon="search" title={filter ? t('units.noMatch') : t('units.none')}>{filter ? null : <p>{t('units.noneHint')}</p>}</Notice> : null}
      {items.length > 0 ? (
        <List
          door={list}
          label={t('units.title')}
          items={items}
          keyOf={(one) => one.id}
          selected={selected}
          onPick={(unit) => { onSelect(unit); setTimeout(() => status.current?.focus()) }}
          render={(unit) => (
            <div className="unit-row">
              <StateSign state={unit.status.state} />
              <div className="incident-main">
                <span className="one-line"><bdi className="call-sign">{unit.callSign}</bdi> <span className="muted">{kindName(unit)}</span></span>
                <small className="one-line">{statusName(unit)}{unit.incident ? <> · <bdi>{incidentNumber(unit.incident) ?? t('units.onIncident')}</bdi></> : null}</small>
              </div>
              <div className="incident-end">
                <Age since={unit.status.since} />
                <small className={`one-line ${unit.positionAt && isOut(unit) && now - Date.parse(unit.positionAt) > staleAfterMs ? 'is-stale' : ''}`}>
                  {unit.positionAt ? <span title={t('units.positionAge', { time: roughly(now - Date.parse(unit.positionAt), language) })}><Icon name="pin" /><span className="sr-only">{t('units.position')}</span>{roughly(now - Date.parse(unit.positionAt), language)}</span> : t('units.noPosition')}
                </small>
              </div>
            </div>
          )}
        />
      ) : null}
      {chosen ? (
        <footer className="unit-foot">
          <StateSign state={chosen.status.state} /><bdi className="call-sign">{chosen.callSign}</bdi>
          <label className="select">
            <span className="sr-only">{t('units.setStatus', { unit: chosen.callSign })}</span>
            <select
              ref={status}
              value={chosen.status.code}
              disabled={reason !== undefined}
              title={reason}
              onKeyDown={(event) => { if (event.key === 'Escape') { event.stopPropagation(); list.current?.focus() } }}
              onChange={(event) => {
                list.current?.focus()
                const wanted = city.unitStatuses.find((one) => one.code === event.target.value)
                if (wanted) void setStatus(chosen, { code: wanted.code, state: wanted.state, name: name(wanted.name) })
              }}
            >
              {city.unitStatuses.some((one) => one.code === chosen.status.code) ? null : <option value={chosen.status.code}>{chosen.status.code}</option>}
              {city.unitStatuses.map((one) => <option key={one.code} value={one.code}>{`${one.code} · ${name(one.name)}`}</option>)}
            </select>
          </label>
          {chosen.incident ? <button type="button" className="button is-quiet" onClick={() => chosen.incident && onIncident(chosen.incident)}><bdi>{incidentNumber(chosen.incident) ?? t('units.onIncident')}</bdi></button> : null}
        </footer>
      ) : null}
    </section>
  )
}
