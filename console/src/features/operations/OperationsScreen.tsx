import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { Point } from 'geojson'
import { type CSSProperties, lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useRights } from '../../api/rights'
import { useCity, useSignedIn } from '../../api/session'
import type { Incident, Unit, Warning } from '../../api/types'
import { type Panes, prefer, useCommand, usePreferences } from '../../commands'
import { bounds, nameIn, roughly } from '../../format'
import { useText } from '../../i18n'
import { useLink, useNow } from '../../live'
import type { MapArea, MapCamera, MapIncident, MapUnit } from '../../map'
import { Divider, Icon, Keys, warningLevels } from '../../ui'
import { camerasQuery, signOf } from '../cameras'
import { grantFor, IncidentBoard, IncidentDetail, IncidentEdit, IncidentForm, incidentQuery, openIncidentsQuery, placeDraft } from '../incidents'
import { counts, staleAfterMs, UnitPanel, unitsQuery } from '../units'
import type { SpokenMark } from '../talk'
import { activeWarningsQuery, holds, notReal, WarningPanel } from '../warnings'
import { type Panel, panelOf, type Where } from './where'

const CityMap = lazy(() => import('../../map/CityMap').then((loaded) => ({ default: loaded.CityMap })))
const MapTwin = lazy(() => import('./MapTwin').then((loaded) => ({ default: loaded.MapTwin })))
const NearCameras = lazy(() => import('../video').then((loaded) => ({ default: loaded.NearCameras })))
const CameraPanel = lazy(() => import('../video').then((loaded) => ({ default: loaded.CameraPanel })))
const IncidentTalk = lazy(() => import('../talk').then((loaded) => ({ default: loaded.IncidentTalk })))
const EmergencyPanel = lazy(() => import('../talk').then((loaded) => ({ default: loaded.EmergencyPanel })))
const route = getRouteApi('/')

/** List, map and detail of one city at work. The list leads; the map and the drawer follow. */
export function OperationsScreen() {
  const { t, language } = useText()
  const city = useCity()
  const client = useQueryClient()
  const where = route.useSearch()
  const navigate = route.useNavigate()
  const incidents = useQuery(openIncidentsQuery(client)).data
  const units = useQuery(unitsQuery).data
  const warnings = useQuery(activeWarningsQuery).data
  const cameras = useQuery(camerasQuery).data
  const frame = useRef<HTMLElement>(null)
  const side = useRef<HTMLElement>(null)
  const [panes, resize] = usePanes()
  const [focus, setFocus] = useState<{ box: [number, number, number, number] } | null>(null)
  const [draft, setDraft] = useState<Point | null>(null)
  const [twin, setTwin] = useState(false)
  const [spoken, setSpoken] = useState<readonly SpokenMark[]>([])
  const [called, setCalled] = useState<Point | null>(null)
  const panel = panelOf(where)

  const go = useCallback((change: Partial<Record<keyof Where, string | true | undefined>>) => {
    void navigate({ search: (old) => ({ ...old, ...change }) as Where, replace: true })
  }, [navigate])
  const lookAt = useCallback((points: readonly (Point | null | undefined)[]) => {
    const box = bounds(points.filter((one): one is Point => !!one))
    if (box) setFocus({ box })
  }, [])

  const standAt = useCallback((place: Point | null) => {
    setCalled(place)
    if (place) lookAt([place])
  }, [lookAt])

  const select = (incident: Pick<Incident, 'id' | 'place'>) => {
    go({ incident: incident.id, panel: 'incident', assign: undefined, view: 'detail' })
    lookAt([incident.place])
  }
  const show = (shown: Panel) => {
    go({ panel: shown, assign: undefined, view: 'detail' })
    setTimeout(() => side.current?.querySelector<HTMLElement>('[role=listbox]')?.focus())
  }
  const { changeIncidents } = useRights()
  useCommand('newIncident', () => go({ panel: 'new', view: 'detail' }), true, changeIncidents ? null : t('rights.noNew'))
  // The filter of the pane one is in, else that of the incidents.
  useCommand('search', () => {
    const fields = [side.current?.contains(document.activeElement) ? side.current : null, frame.current].map((pane) => pane?.querySelector<HTMLInputElement>('input[type=search]'))
    fields.find((one) => one)?.focus()
  })
  useCommand('units', () => show('units'))
  useCommand('warnings', () => show('warnings'))
  useCommand('mapList', () => setTwin(true))
  useCommand('back', () => {
    if (where.assign) go({ assign: undefined })
    else if (where.view) go({ view: undefined, ...(panel === 'new' ? { panel: undefined } : {}) })
    else if (panel === 'edit') go({ panel: 'incident' })
    else if (panel === 'units' || panel === 'warnings' || panel === 'camera' || panel === 'emergency' || panel === 'new') go({ panel: undefined, incident: panel === 'new' ? where.incident : undefined })
    else go({ incident: undefined, panel: undefined })
  })

  const typeName = useCallback((code: string) => nameIn(city.incidentTypes.find((one) => one.code === code)?.name ?? code, language, city.languages), [city, language])
  const lately = useNow(10)
  const mapCameras = useMemo(() => (cameras ?? []).map((one): MapCamera => ({ id: one.id, label: one.name, sign: signOf(one), place: one.place, heading: one.heading })), [cameras])
  const drawn = useMapData(incidents, units, warnings, lately, typeName)
  const districts = useMemo(() => city.districts.map((one) => ({ id: one.id, label: nameIn(one.name, language, city.languages), area: one.area })), [city, language])
  const area = useMemo(() => city.area ?? bounds(city.districts.map((one) => one.area)), [city])
  const looked = useRef(area !== null)
  useEffect(() => {
    // A city that told no area is shown where something is.
    const places = [...drawn.incidents, ...drawn.units].map((one) => one.place)
    if (looked.current || places.length === 0) return
    looked.current = true
    lookAt(places)
  }, [drawn.incidents, drawn.units, lookAt])
  const chosen = incidents?.find((one) => one.id === where.incident)
  const linked = useMemo(() => (chosen?.units ?? []).flatMap((one) => units?.find((unit) => unit.id === one.id)?.position ?? []), [chosen, units])
  const found = chosen !== undefined
  useEffect(() => {
    if (found) lookAt([chosen?.place])
  }, [where.incident, found, lookAt])

  // Where a panel has gone with the focus in it, the one that came takes it, so that readers and Tab go on from there.
  useEffect(() => {
    if (document.activeElement === document.body && (panel === 'incident' || where.warning)) side.current?.focus({ preventScroll: true })
  }, [panel, where.incident, where.warning])

  const pick = (kind: 'incident' | 'unit' | 'area' | 'camera', id: string) => {
    if (kind === 'incident') {
      const one = incidents?.find((incident) => incident.id === id)
      if (one) go({ incident: one.id, panel: 'incident', assign: undefined, view: 'detail' })
    } else if (kind === 'unit') {
      go({ panel: 'units', unit: id, view: 'detail' })
      lookAt([units?.find((one) => one.id === id)?.position])
    } else if (kind === 'camera') {
      go({ panel: 'camera', camera: id, view: 'detail' })
      lookAt([cameras?.find((one) => one.id === id)?.place])
    } else go({ panel: 'warnings', warning: id, view: 'detail' })
  }
  const showWarning = (warning: Warning) => {
    const box = bounds(warning.areas.flatMap((area) => area.polygon ?? []))
    if (box) setFocus({ box })
    go({ view: 'map' })
  }
  const real = (warnings ?? []).filter((one) => holds(one, lately) && notReal(one) === null).length
  const view = where.view ?? 'list'
  const placing = panel === 'new' || panel === 'edit'
  const known = useQuery({ ...incidentQuery(where.incident ?? ''), enabled: panel === 'edit' && where.incident !== undefined }).data
  const shown = known && chosen ? { ...known, ...chosen, description: chosen.description ?? known.description ?? null, caller: chosen.caller ?? known.caller ?? null } : known

  return (
    <main className={`operations shows-${view}`} id="main" ref={frame} style={panes.style}>
      <h1 className="sr-only">{t('nav.operations')}</h1>
      <div className="operations-list">
        <IncidentBoard selected={where.incident ?? null} onSelect={select} onNew={() => go({ panel: 'new', view: 'detail' })} />
        <nav className="board-foot" aria-label={t('operations.panels')}>
          <button type="button" aria-pressed={panel === 'units'} onClick={() => show('units')}><b>{t('units.title')}</b><span>{units ? t('units.counts', counts(units)) : t('states.unknown')}</span><Keys command="units" /></button>
          <button type="button" aria-pressed={panel === 'warnings'} onClick={() => show('warnings')}><b>{t('warnings.title')}</b><span>{warnings ? t('warnings.inForce', { count: real }) : t('states.unknown')}</span><Keys command="warnings" /></button>
        </nav>
      </div>
      <Divider label={t('operations.sizeList')} value={panes.list ?? null} least={240} most={620} sizes="before" onSize={(px) => resize('list', px)} />
      <div className="operations-map" data-pane="map">
        <Suspense fallback={<div className="map-loading" role="status">{t('states.loading')}</div>}>
          <CityMap
            base={city.map}
            area={area}
            districts={districts}
            {...drawn}
            cameras={mapCameras}
            selected={where.incident ?? null}
            linked={linked}
            draft={placing ? draft : panel === 'emergency' ? called : null}
            focus={focus}
            picking={placing}
            onPick={pick}
            onPlace={(place) => { placeDraft(place, panel === 'edit' ? 'edit' : 'new'); go({ view: 'detail' }) }}
            note={<PositionsNote units={units} />}
          />
        </Suspense>
        <button type="button" className="twin-button" onClick={() => setTwin(true)}><Icon name="list" /><span>{t('map.twinShort')}</span><Keys command="mapList" /></button>
      </div>
      <Divider label={t('operations.sizeSide')} value={panes.side ?? null} least={290} most={760} sizes="after" onSize={(px) => resize('side', px)} />
      <section className="operations-side" ref={side} tabIndex={-1} aria-label={t('operations.side')} data-pane="side">
        {panel === 'new' ? (
          <IncidentForm
            onPlace={setDraft}
            onClose={() => go({ panel: undefined, view: undefined })}
            onSaved={(id) => go({ incident: id, panel: 'incident', view: 'detail' })}
          />
        ) : panel === 'edit' && shown ? (
          <IncidentEdit key={shown.id} incident={shown} onPlace={setDraft} onClose={() => go({ panel: 'incident', view: 'detail' })} />
        ) : (panel === 'incident' || panel === 'edit') && where.incident ? (
          <IncidentDetail
            key={where.incident}
            id={where.incident}
            units={units ?? []}
            assigning={where.assign === true}
            onEdit={() => go({ panel: 'edit', assign: undefined, view: 'detail' })}
            onAssigning={(is) => go({ assign: is || undefined })}
            onClose={() => go({ incident: undefined, panel: undefined, assign: undefined, view: undefined })}
            onShowPlace={() => { lookAt([chosen?.place]); go({ view: 'map' }) }}
            talk={chosen && !chosen.pending ? <Suspense><IncidentTalk key={chosen.id} incident={chosen.id} onMarks={setSpoken} /></Suspense> : null}
            spoken={spoken}
            cameras={chosen?.place && chosen.state === 'open' && !chosen.pending ? <Suspense><NearCameras key={chosen.id} incident={{ id: chosen.id, number: chosen.number, place: chosen.place }} grant={grantFor(chosen.id)} /></Suspense> : null}
          />
        ) : panel === 'emergency' && where.group && where.participant ? (
          <Suspense>
            <EmergencyPanel
              key={`${where.group} ${where.participant}`} group={where.group} participant={where.participant} units={units ?? []} onPlace={standAt}
              onClose={() => go({ panel: where.incident ? 'incident' : undefined, group: undefined, participant: undefined, view: undefined })}
              cameras={(place, incident) => {
                const of = incidents?.find((one) => one.id === incident)
                return <NearCameras incident={{ id: of?.id ?? '', number: of?.number ?? '', place }} grant={of && grantFor(of.id)} />
              }}
            />
          </Suspense>
        ) : panel === 'camera' && where.camera ? (
          <Suspense><CameraPanel key={where.camera} id={where.camera} incident={chosen} grant={chosen && grantFor(chosen.id)} onClose={() => go({ panel: chosen ? 'incident' : undefined, camera: undefined, view: undefined })} onShowPlace={() => { lookAt([cameras?.find((one) => one.id === where.camera)?.place]); go({ view: 'map' }) }} /></Suspense>
        ) : panel === 'warnings' ? (
          <WarningPanel selected={where.warning ?? null} onSelect={(id) => go({ warning: id ?? undefined })} onShow={showWarning} />
        ) : (
          <UnitPanel
            selected={where.unit ?? null}
            onSelect={(unit: Unit) => { go({ panel: 'units', unit: unit.id }); lookAt([unit.position]) }}
            incidentNumber={(id) => incidents?.find((one) => one.id === id)?.number}
            onIncident={(id) => go({ incident: id, panel: 'incident', view: 'detail' })}
          />
        )}
      </section>
      <nav className="operations-tabs" aria-label={t('operations.views')}>
        {(['list', 'map', 'detail'] as const).map((one) => (
          <button key={one} type="button" aria-current={view === one ? 'page' : undefined} onClick={() => go({ view: one === 'list' ? undefined : one })}>
            <Icon name={one} />{t(`operations.${one}`)}
          </button>
        ))}
      </nav>
      {twin ? <Suspense><MapTwin open onClose={() => setTwin(false)} incidents={drawn.incidents} units={drawn.units} areas={drawn.areas} cameras={mapCameras} onPick={pick} /></Suspense> : null}
    </main>
  )
}

/** How wide a person wants the panes, kept for that person in this browser. */
function usePanes(): [Panes & { style: CSSProperties }, (pane: keyof Panes, px: number | null) => void] {
  const person = useSignedIn().person.id
  const { panes } = usePreferences()
  const own = panes[person] ?? {}
  const style = { ...(own.list ? { '--list-width': `${own.list}px` } : {}), ...(own.side ? { '--side-width': `${own.side}px` } : {}) } as CSSProperties
  const resize = (pane: keyof Panes, px: number | null) => {
    const { [pane]: _, ...others } = own
    prefer({ panes: { ...panes, [person]: px === null ? others : { ...others, [pane]: px } } })
  }
  return [{ ...own, style }, resize]
}

/** How old the newest position in use is: a map of old positions must say so. */
function PositionsNote({ units }: { units: readonly Unit[] | undefined }) {
  const { t, language } = useText()
  const now = useNow()
  const link = useLink()
  const newest = Math.max(...(units ?? []).map((one) => (one.positionAt ? Date.parse(one.positionAt) : 0)), 0)
  if (newest === 0) return null
  return <> · {t(link.state === 'live' ? 'map.positions' : 'map.positionsOld', { time: roughly(now - newest, language) })}</>
}

function useMapData(
  incidents: readonly Incident[] | undefined,
  units: readonly Unit[] | undefined,
  warnings: readonly Warning[] | undefined,
  now: number,
  typeName: (code: string) => string,
): { incidents: MapIncident[]; units: MapUnit[]; areas: MapArea[] } {
  const { t } = useText()
  const mapIncidents = useMemo(
    () => (incidents ?? []).flatMap((one): MapIncident[] => (one.place ? [{ id: one.id, label: `${typeName(one.type)} ${one.number}`, level: one.priority, place: one.place }] : [])),
    [incidents, typeName],
  )
  const mapUnits = useMemo(
    () =>
      (units ?? []).flatMap((one): MapUnit[] =>
        one.position ? [{ id: one.id, label: one.callSign, state: one.status.state, place: one.position, stale: one.positionAt ? now - Date.parse(one.positionAt) > staleAfterMs : true }] : [],
      ),
    [units, now],
  )
  const areas = useMemo(
    () =>
      (warnings ?? [])
        .filter((one) => holds(one, now))
        .flatMap((one) =>
          one.areas.flatMap((area): MapArea[] => {
            const mark = notReal(one)
            return area.polygon ? [{ id: one.id, label: mark ? `${t(`warnings.unreal.${mark}`)}: ${one.event}` : one.event, level: warningLevels[one.severity], real: mark === null, area: area.polygon }] : []
          }),
        ),
    [warnings, now, t],
  )
  return { incidents: mapIncidents, units: mapUnits, areas }
}
