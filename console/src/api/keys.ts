/** The names under which answers are cached. */
export const cacheKeys = {
  openIncidents: ['incidents', 'open'] as const,
  closedIncidents: ['incidents', 'closed'] as const,
  incident: (id: string) => ['incident', id] as const,
  timeline: (id: string) => ['timeline', id] as const,
  proposals: (id: string) => ['proposals', id] as const,
  duplicates: (near: string, type: string) => ['duplicates', near, type] as const,
  places: (text: string) => ['places', text] as const,
  units: ['units'] as const,
  activeWarnings: ['warnings', 'active'] as const,
  endedWarnings: ['warnings', 'ended'] as const,
  warning: (id: string) => ['warning', id] as const,
  system: ['system'] as const,
}
