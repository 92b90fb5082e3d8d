/** What the address says about the Video screen. */
export type VideoPanel = 'exports' | 'manage' | 'import' | 'new' | 'edit'
export type VideoWhere = { wall?: string; case?: string; panel?: VideoPanel; camera?: string; at?: string }

const panels: readonly string[] = ['exports', 'manage', 'import', 'new', 'edit'] satisfies VideoPanel[]
const text = (value: unknown) => (typeof value === 'string' && value !== '' && value.length < 2_000 ? value : undefined)

export function readVideoWhere(search: Record<string, unknown>): VideoWhere {
  const wall = text(search.wall)
  const incident = text(search.case)
  const camera = text(search.camera)
  const at = text(search.at)
  return {
    ...(wall ? { wall } : {}),
    ...(incident ? { case: incident } : {}),
    ...(panels.includes(String(search.panel)) ? { panel: search.panel as VideoPanel } : {}),
    ...(camera ? { camera } : {}),
    ...(at && !Number.isNaN(Date.parse(at)) ? { at } : {}),
  }
}
