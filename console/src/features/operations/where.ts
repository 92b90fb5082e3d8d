/** What the address says about the Operations screen, so that a link or a reload shows the same. */
export type Panel = 'incident' | 'edit' | 'new' | 'units' | 'warnings' | 'camera' | 'emergency'
export type Where = { incident?: string; panel?: Panel; unit?: string; warning?: string; camera?: string; group?: string; participant?: string; assign?: true; view?: 'map' | 'detail' }

const panels: readonly string[] = ['incident', 'edit', 'new', 'units', 'warnings', 'camera', 'emergency'] satisfies Panel[]
const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)

export function readWhere(search: Record<string, unknown>): Where {
  const incident = text(search.incident)
  const unit = text(search.unit)
  const warning = text(search.warning)
  const camera = text(search.camera)
  const group = text(search.group)
  const participant = text(search.participant)
  return {
    ...(incident ? { incident } : {}),
    ...(panels.includes(String(search.panel)) ? { panel: search.panel as Panel } : {}),
    ...(unit ? { unit } : {}),
    ...(warning ? { warning } : {}),
    ...(camera ? { camera } : {}),
    ...(group ? { group } : {}),
    ...(participant ? { participant } : {}),
    ...(search.assign ? { assign: true as const } : {}),
    ...(search.view === 'map' || search.view === 'detail' ? { view: search.view } : {}),
  }
}

/** Which panel stands at the end side: what was asked for, else the chosen incident, else the units. */
export function panelOf(where: Where): Panel {
  if ((where.panel === 'incident' || where.panel === 'edit') && !where.incident) return 'units'
  if (where.panel === 'camera' && !where.camera) return where.incident ? 'incident' : 'units'
  if (where.panel === 'emergency' && !(where.group && where.participant)) return where.incident ? 'incident' : 'units'
  return where.panel ?? (where.incident ? 'incident' : 'units')
}
