import 'maplibre-gl/dist/maplibre-gl.css'
import type { Geometry, Point } from 'geojson'
import { addProtocol, Map as MapView, setWorkerUrl } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import { Protocol } from 'pmtiles'
import { type ReactNode, useEffect, useEffectEvent, useRef, useState } from 'react'
import { useCommand } from '../commands'
import { useText } from '../i18n'
import { onThemeChange } from '../tokens'
import { Icon, severityShapes, stateTokens } from '../ui'
import { areaFeatures, cameraFeatures, incidentFeatures, linkFeatures, type MapArea, type MapCamera, type MapDistrict, type MapIncident, type MapUnit, markFeatures, unitFeatures } from './features'
import { grid } from './grid'
import { addImages } from './images'
import { addLayers, type OwnSource, put } from './layers'
import { addPlaceImages } from './places'
import { baseStyle } from './style'

setWorkerUrl(workerUrl)
addProtocol('pmtiles', new Protocol().tile)

export type CityMapProps = {
  base: { url: string; attribution: string } | null
  area: [number, number, number, number] | null
  districts: readonly MapDistrict[]
  units: readonly MapUnit[]
  incidents: readonly MapIncident[]
  areas: readonly MapArea[]
  cameras: readonly MapCamera[]
  selected: string | null
  linked: readonly Point[]
  draft: Point | null
  /** Places of things that have no sign of their own. */
  marks?: readonly Geometry[]
  /** Where to look; a new object moves the view. */
  focus: { box: [number, number, number, number] } | null
  picking: boolean
  onPick: (kind: 'incident' | 'unit' | 'area' | 'camera', id: string) => void
  onPlace: (place: Point) => void
  /** Follows the attribution. */
  note: ReactNode
}

/** The map. Its twin for those who cannot see it is the list of the same things beside it. */
export function CityMap(props: CityMapProps) {
  const { t, language } = useText()
  const frame = useRef<HTMLDivElement>(null)
  const [map, setMap] = useState<MapView | null>(null)
  const [styled, setStyled] = useState(0)
  const [failed, setFailed] = useState(false)
  const { base, area } = props

  const clicked = useEffectEvent((view: MapView, point: { x: number; y: number }, place: Point) => {
    if (props.picking) return props.onPlace(place)
    const near = view.queryRenderedFeatures([[point.x - 6, point.y - 6], [point.x + 6, point.y + 6]], {
      layers: ['incidents', 'units-busy', 'units-free', 'cameras', 'areas', 'areas-unreal', 'area-labels'],
    })[0]
    const id = near?.properties.id as string | undefined
    if (!near || !id) return
    props.onPick(near.source === 'incidents' ? 'incident' : near.source === 'units' ? 'unit' : near.source === 'cameras' ? 'camera' : 'area', id)
  })

  useEffect(() => {
    if (!frame.current) return
    let view: MapView
    try {
      view = new MapView({
        container: frame.current,
        style: baseStyle(base?.url ?? null, base?.attribution ?? '', language),
        ...(area ? { bounds: area, fitBoundsOptions: { padding: 24 }, maxBounds: around(area) } : { center: [0, 20], zoom: 1.2 }),
        attributionControl: false,
        dragRotate: false,
        pitchWithRotate: false,
        touchPitch: false,
        fadeDuration: matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 150,
        maxZoom: 19,
        keyboard: false,
      })
    } catch {
      setFailed(true)
      return
    }
    const dress = () => {
      addImages(view, severityShapes, stateTokens)
      if (base !== null) addPlaceImages(view)
      addLayers(view, stateTokens)
      setStyled((count) => count + 1)
    }
    const drawGrid = () => {
      if (base !== null || !view.getSource('grid')) return
      const box = view.getBounds()
      put(view, 'grid', grid([box.getWest(), box.getSouth(), box.getEast(), box.getNorth()]))
    }
    view.on('style.load', () => { dress(); drawGrid() })
    view.on('moveend', drawGrid)
    view.on('click', (event) => clicked(view, event.point, { type: 'Point', coordinates: [event.lngLat.lng, event.lngLat.lat] }))
    for (const layer of ['incidents', 'units-busy', 'units-free', 'cameras']) {
      view.on('mouseenter', layer, () => view.getCanvas().classList.add('is-over'))
      view.on('mouseleave', layer, () => view.getCanvas().classList.remove('is-over'))
    }
    // The frame around it is the region that takes the keys.
    const canvas = view.getCanvas()
    canvas.tabIndex = -1
    canvas.removeAttribute('role')
    canvas.removeAttribute('aria-label')
    canvas.setAttribute('aria-hidden', 'true')
    const stop = onThemeChange(() => view.setStyle(baseStyle(base?.url ?? null, base?.attribution ?? '', language), { diff: false }))
    setMap(view)
    return () => {
      stop()
      view.remove()
      setMap(null)
    }
  }, [base?.url, base?.attribution, language, area?.join()])

  useSource(map, styled, 'districts', () => areaFeatures(props.districts, 'amid'), [props.districts])
  useSource(map, styled, 'units', () => unitFeatures(props.units), [props.units])
  useSource(map, styled, 'cameras', () => cameraFeatures(props.cameras), [props.cameras])
  useSource(map, styled, 'areas', () => areaFeatures(props.areas, 'over'), [props.areas])
  useSource(map, styled, 'incidents', () => incidentFeatures(props.incidents, props.selected), [props.incidents, props.selected])
  const place = props.incidents.find((one) => one.id === props.selected)?.place ?? null
  useSource(map, styled, 'links', () => linkFeatures(place, props.linked), [place, props.linked])
  useSource(map, styled, 'marks', () => markFeatures(props.marks ?? []), [props.marks])
  useSource(map, styled, 'draft', () => unitFeatures(props.draft ? [{ id: 'draft', label: '', state: '', place: props.draft, stale: false }] : []), [props.draft])

  useEffect(() => {
    if (!map || !props.focus) return
    // What lies outside of the city is shown where somebody asks for it; a look at the whole city holds to it again.
    if (area) map.setMaxBounds(within(props.focus.box, around(area)) ? around(area) : null)
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    map.fitBounds(props.focus.box, { padding: 80, maxZoom: Math.max(15, map.getZoom()), duration: still ? 0 : 400 })
  }, [map, props.focus])

  useCommand('zoomIn', () => map?.zoomIn({ duration: 150 }))
  useCommand('zoomOut', () => map?.zoomOut({ duration: 150 }))
  const fit = () => area && map?.setMaxBounds(around(area)) && map?.fitBounds(area, { padding: 24, duration: 200 })
  useCommand('fitMap', fit, area !== null)

  return (
    <div className={`city-map ${props.picking ? 'is-picking' : ''}`} data-styled={styled}>
      <div ref={frame} className="city-map-canvas" role="region" aria-label={t('map.label')} tabIndex={0} onKeyDown={(event) => map && pan(map, event.key) && event.preventDefault()} />
      {failed ? <p className="city-map-failed">{t('map.failed')}</p> : null}
      <div className="city-map-tools">
        <button type="button" aria-label={t('map.zoomIn')} onClick={() => map?.zoomIn()}><Icon name="plus" /></button>
        <button type="button" aria-label={t('map.zoomOut')} onClick={() => map?.zoomOut()}><Icon name="minus" /></button>
        {area ? <button type="button" aria-label={t('map.fit')} onClick={fit}><Icon name="fit" /></button> : null}
      </div>
      {props.picking ? <p className="city-map-hint">{t('map.picking')}</p> : null}
      <p className="city-map-legend">{base ? <bdi>{base.attribution}</bdi> : t('map.none')}{props.note}</p>
    </div>
  )
}

type Box = [number, number, number, number]

/** The city's box and as much again on each side: room to look about, not to get lost. */
function around([west, south, east, north]: Box): Box {
  const by = Math.max(east - west, north - south)
  return [Math.max(-180, west - by), Math.max(-85, south - by), Math.min(180, east + by), Math.min(85, north + by)]
}

function within(inner: Box, outer: Box): boolean {
  return inner[0] >= outer[0] && inner[1] >= outer[1] && inner[2] <= outer[2] && inner[3] <= outer[3]
}

/** Keeps one source of the map equal to the data, also after the style was loaded anew. */
function useSource(map: MapView | null, styled: number, source: OwnSource, data: () => GeoJSON.FeatureCollection, because: readonly unknown[]): void {
  const shown = useRef({ map, styled: 0, text: '' })
  useEffect(() => {
    if (!map || styled === 0) return
    const now = data()
    const text = JSON.stringify(now)
    // A map is drawn anew with all that is on it: only where something on it is different.
    if (shown.current.map === map && shown.current.styled === styled && shown.current.text === text) return
    shown.current = { map, styled, text }
    put(map, source, now)
  }, [map, styled, ...because])
}

function pan(map: MapView, key: string): boolean {
  const by = { ArrowLeft: [-120, 0], ArrowRight: [120, 0], ArrowUp: [0, -120], ArrowDown: [0, 120] }[key] as [number, number] | undefined
  if (by) map.panBy(by, { duration: 120 })
  return by !== undefined
}
