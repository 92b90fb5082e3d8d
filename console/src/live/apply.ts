import type { QueryClient } from '@tanstack/react-query'
import { cacheKeys } from '../api/keys'
import type { Camera, Change, Incident, Unit, Warning } from '../api/types'
import { mergeIncident, patchAssigned, patchCameras, patchIncidents, patchUnits, patchWarnings } from './patch'

/** Brings one change into the cache; what is not held is left alone. */
export function applyChange(client: QueryClient, change: Change): void {
  switch (change.type) {
    case 'Incident':
      return applyIncident(client, change)
    case 'Unit':
      return applyUnit(client, change)
    case 'Camera':
      client.setQueryData<Camera[]>(cacheKeys.cameras, (held) => held && patchCameras(held, change))
      return
    case 'TalkSpurt':
      void client.invalidateQueries({ queryKey: ['spurts'] })
      return
    case 'TalkEmergency':
      void client.invalidateQueries({ queryKey: ['talk-emergency'] })
      return
    case 'CameraFinding':
      void client.invalidateQueries({ queryKey: cacheKeys.cameraHealth })
      return
    case 'Alert':
      client.setQueryData<Warning[]>(cacheKeys.activeWarnings, (held) => held && patchWarnings(held, change))
      void client.invalidateQueries({ queryKey: cacheKeys.warning(change.id) })
      void client.invalidateQueries({ queryKey: cacheKeys.endedWarnings })
  }
}

function applyIncident(client: QueryClient, change: Change): void {
  const units = client.getQueryData<Unit[]>(cacheKeys.units) ?? []
  client.setQueryData<Incident[]>(cacheKeys.openIncidents, (held) => held && patchIncidents(held, change, units))
  client.setQueryData<Incident[]>(cacheKeys.closedIncidents, (held) => held && patchIncidents(held, change, units, 'closed'))
  const one = client.getQueryData<Incident>(cacheKeys.incident(change.id))
  if (one && change.entity) client.setQueryData(cacheKeys.incident(change.id), mergeIncident(one, change, units))
  void client.invalidateQueries({ queryKey: cacheKeys.timeline(change.id) })
}

function applyUnit(client: QueryClient, change: Change): void {
  const before = client.getQueryData<Unit[]>(cacheKeys.units)?.find((one) => one.id === change.id)
  client.setQueryData<Unit[]>(cacheKeys.units, (held) => held && patchUnits(held, change))
  const unit = client.getQueryData<Unit[]>(cacheKeys.units)?.find((one) => one.id === change.id)
  if (!unit) return
  client.setQueryData<Incident[]>(cacheKeys.openIncidents, (held) => held && patchAssigned(held, unit))
  if (!unit.incident) return
  client.setQueryData<Incident>(cacheKeys.incident(unit.incident), (held) => held && patchAssigned([held], unit)[0])
  // Positions come every second; only a new status is a mark on the timeline.
  if (before?.status.since !== unit.status.since) void client.invalidateQueries({ queryKey: cacheKeys.timeline(unit.incident) })
}

/** The stream cannot tell what was missed: every list is asked for again; until then the old ones stay, shown as old. */
export function reload(client: QueryClient): void {
  for (const root of ['incidents', 'incident', 'timeline', 'units', 'warnings', 'warning', 'cameras', 'camera-health']) {
    void client.invalidateQueries({ queryKey: [root] })
  }
}
