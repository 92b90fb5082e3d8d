import type { Feature, FeatureCollection, LineString } from 'geojson'

const steps = [30, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001]

/** Meridians and parallels for a view, four to ten of each: what there is to hold on to where there is no map. */
export function grid([west, south, east, north]: [number, number, number, number]): FeatureCollection<LineString> {
  const span = Math.min(360, Math.max(1e-4, Math.max(east - west, north - south)))
  const step = steps.findLast((one) => span / one <= 10) ?? 30
  const digits = step >= 1 ? 0 : Math.ceil(-Math.log10(step))
  const lines: Feature<LineString>[] = []
  const line = (from: [number, number], to: [number, number], label: string): void => {
    lines.push({ type: 'Feature', properties: { label }, geometry: { type: 'LineString', coordinates: [from, to] } })
  }
  for (let i = Math.ceil(west / step); i * step <= east; i++) line([i * step, south], [i * step, north], `${(i * step).toFixed(digits)}°`)
  for (let i = Math.ceil(Math.max(-85, south) / step); i * step <= Math.min(85, north); i++) line([west, i * step], [east, i * step], `${(i * step).toFixed(digits)}°`)
  return { type: 'FeatureCollection', features: lines }
}
