import type { Geometry, Point } from 'geojson'
import type { AssignedUnit, Camera, CameraState, Change, Incident, Severity, Unit, UnitState, Warning, WarningSeverity } from '../api/types'

/**
 * Changes of the hub applied to what the console holds. All are pure, and applying one twice or an old one late does no
 * harm: incidents carry a version, unit statuses the time since when they hold.
 */
type Entity = Record<string, unknown>

const string = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
const point = (value: unknown): Point | undefined =>
  typeof value === 'object' && value !== null && (value as Point).type === 'Point' ? (value as Point) : undefined
const list = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : typeof value === 'string' ? [value] : []

export function patchIncidents(incidents: Incident[], change: Change, units: Unit[], state: 'open' | 'closed' = 'open'): Incident[] {
  const at = incidents.findIndex((one) => one.id === change.id)
  const old = at < 0 ? undefined : incidents[at]
  if (change.change === 'deleted') return old ? incidents.filter((one) => one !== old) : incidents
  if (change.entity === null) return incidents
  const merged = mergeIncident(old, change, units)
  if (merged === old) return incidents
  if (merged.state !== state) return old ? incidents.filter((one) => one !== old) : incidents
  return old ? incidents.with(at, merged) : [...incidents, merged]
}

export function mergeIncident(old: Incident | undefined, change: Change, units: Unit[]): Incident {
  const entity = change.entity ?? {}
  const version = Number(entity.version ?? 0)
  if (old && version < old.version) return old
  const description = string(entity.description) ?? old?.description
  const name = string(entity.callerName)
  const phone = string(entity.callerPhone)
  const caller = name || phone ? { ...(name ? { name } : {}), ...(phone ? { phone } : {}) } : old?.caller
  return {
    ...(old ?? { id: change.id, grant: null }),
    number: string(entity.number) ?? old?.number ?? '',
    type: string(entity.incidentType) ?? old?.type ?? '',
    priority: (Number(entity.priority ?? old?.priority ?? 4) as Severity),
    state: entity.state === 'closed' ? 'closed' : 'open',
    place: point(entity.location) ?? old?.place ?? null,
    ...(description === undefined ? {} : { description }),
    ...(caller === undefined ? {} : { caller }),
    organisation: change.organisation,
    openedAt: string(entity.openedAt) ?? old?.openedAt ?? change.at,
    modifiedAt: change.at,
    closedAt: string(entity.closedAt) ?? (entity.state === 'closed' ? change.at : null),
    version,
    units: list(entity.assignedUnit).map((id) => assigned(id, old, change.at, units)),
  }
}

function assigned(id: string, old: Incident | undefined, at: string, units: Unit[]): AssignedUnit {
  const known = old?.units.find((unit) => unit.id === id)
  if (known) return known
  const unit = units.find((one) => one.id === id)
  return {
    id,
    callSign: unit?.callSign ?? id.slice(-4),
    kind: unit?.kind ?? '',
    assignedAt: at,
    status: unit?.status ?? { code: '', state: 'ASSIGNED', since: at },
  }
}

export function patchCameras(cameras: Camera[], change: Change): Camera[] {
  const at = cameras.findIndex((one) => one.id === change.id)
  const old = at < 0 ? undefined : cameras[at]
  if (change.change === 'deleted') return old ? cameras.filter((one) => one !== old) : cameras
  if (change.entity === null) return cameras
  const merged = mergeCamera(old, change, change.entity)
  return merged ? (old ? cameras.with(at, merged) : [...cameras, merged]) : cameras
}

/** A state older than the one held is left out; of a camera never seen, what the change tells must say where it is. */
function mergeCamera(old: Camera | undefined, change: Change, entity: Entity): Camera | null {
  const place = point(entity.location) ?? old?.place
  if (!place) return null
  const since = string(entity.stateSince) ?? old?.stateSince ?? change.at
  const late = old !== undefined && Date.parse(since) < Date.parse(old.stateSince)
  return {
    ...(old ?? { version: 0 }),
    id: change.id,
    name: string(entity.name) ?? old?.name ?? '',
    organisation: change.organisation,
    place,
    record: typeof entity.recorded === 'boolean' ? entity.recorded : (old?.record ?? true),
    heading: typeof entity.headingDegrees === 'number' ? entity.headingDegrees : (old?.heading ?? null),
    ...(late ? { state: old.state, reason: old.reason, stateSince: old.stateSince } : { state: cameraState(entity.state) ?? old?.state ?? 'connecting', reason: string(entity.reason) ?? '', stateSince: since }),
  }
}

function cameraState(value: unknown): CameraState | undefined {
  return value === 'connecting' || value === 'recording' || value === 'stalled' || value === 'off' ? value : undefined
}

export function patchUnits(units: Unit[], change: Change): Unit[] {
  const at = units.findIndex((one) => one.id === change.id)
  const old = at < 0 ? undefined : units[at]
  if (change.change === 'deleted') return old ? units.filter((one) => one !== old) : units
  if (change.entity === null) return units
  const merged = mergeUnit(old, change)
  return old ? units.with(at, merged) : [...units, merged]
}

function mergeUnit(old: Unit | undefined, change: Change): Unit {
  const entity = change.entity as Entity
  const since = string(entity.statusSince) ?? old?.status.since ?? change.at
  const newer = !old || Date.parse(since) >= Date.parse(old.status.since)
  const position = point(entity.location)
  const positionAt = string(entity.locationAt) ?? change.at
  const moved = position && (!old?.positionAt || Date.parse(positionAt) >= Date.parse(old.positionAt))
  return {
    ...(old ?? {}),
    id: change.id,
    callSign: string(entity.callSign) ?? old?.callSign ?? '',
    kind: string(entity.kind) ?? old?.kind ?? '',
    organisation: change.organisation,
    status: newer
      ? {
          ...old?.status,
          code: string(entity.statusCode) ?? old?.status.code ?? '',
          state: (string(entity.unitState) as UnitState | undefined) ?? old?.status.state ?? 'OUT_OF_SERVICE',
          since,
        }
      : old.status,
    ...(moved ? { position, positionAt } : {}),
    incident: string(entity.incident) ?? null,
  }
}

/** The statuses shown beside an incident are those of the units themselves. */
export function patchAssigned(incidents: Incident[], unit: Unit): Incident[] {
  let touched = false
  const patched = incidents.map((incident) => {
    if (!incident.units.some((one) => one.id === unit.id)) return incident
    touched = true
    return {
      ...incident,
      units: incident.units.map((one) =>
        one.id === unit.id ? { ...one, callSign: unit.callSign, kind: unit.kind, status: unit.status } : one,
      ),
    }
  })
  return touched ? patched : incidents
}

export function patchWarnings(warnings: Warning[], change: Change): Warning[] {
  const at = warnings.findIndex((one) => one.id === change.id)
  const old = at < 0 ? undefined : warnings[at]
  if (change.change === 'deleted') return old ? warnings.filter((one) => one !== old) : warnings
  if (change.entity === null) return warnings
  const merged = mergeWarning(old, change)
  if (merged.state !== 'active') return old ? warnings.filter((one) => one !== old) : warnings
  return old ? warnings.with(at, merged) : [...warnings, merged]
}

function mergeWarning(old: Warning | undefined, change: Change): Warning {
  const entity = change.entity as Entity
  const names = list(entity.areaNames)
  const polygon = typeof entity.location === 'object' && entity.location !== null ? (entity.location as Geometry) : null
  const status = (string(entity.status) as Warning['status'] | undefined) ?? old?.status ?? 'System'
  return {
    ...(old ?? {}),
    id: change.id,
    identifier: string(entity.identifier) ?? old?.identifier ?? '',
    sent: string(entity.sent) ?? old?.sent ?? change.at,
    status,
    // Never shown as real unless both say so.
    real: entity.real === true && status === 'Actual',
    state: (string(entity.state) as Warning['state'] | undefined) ?? old?.state ?? 'active',
    organisation: change.organisation,
    event: string(entity.event) ?? old?.event ?? '',
    headline: string(entity.headline) ?? old?.headline ?? null,
    severity: (string(entity.severity) as WarningSeverity | undefined) ?? old?.severity ?? 'Unknown',
    urgency: string(entity.urgency) ?? old?.urgency ?? 'Unknown',
    certainty: string(entity.certainty) ?? old?.certainty ?? 'Unknown',
    effective: string(entity.effective) ?? old?.effective ?? null,
    expires: string(entity.expires) ?? old?.expires ?? null,
    areas: old?.areas ?? names.map((name, index) => ({ name, polygon: index === 0 ? polygon : null })),
  }
}
