import type { Geometry, Point } from 'geojson'

/** A configured name by language tag: `{"en": "Fire", "fr": "Feu"}`. */
export type Names = Record<string, string>
export type Named = { id: string; name: Names | string }

export type Session =
  | { signedIn: false; csrf: string }
  | {
      signedIn: true
      csrf: string
      person: { id: string; username: string; name: string }
      organisation: Named
      organisations: Named[]
      roles: string[]
      seat: Named | null
      seats: Named[]
      passkeys: number
    }
export type SignedIn = Extract<Session, { signedIn: true }>

export type Severity = 1 | 2 | 3 | 4
export type UnitState =
  | 'AVAILABLE' | 'ASSIGNED' | 'EN_ROUTE' | 'ON_SCENE' | 'TRANSPORTING' | 'OUT_OF_SERVICE' | 'EMERGENCY'

export type City = {
  id: string
  name: Names | string
  timeZone: string
  languages: string[]
  demo: boolean
  area: [number, number, number, number] | null
  districts: { id: string; name: Names | string; area: Geometry }[]
  organisations: { id: string; name: Names | string; kind: string }[]
  incidentTypes: { code: string; name: Names | string; priority: Severity; unitKinds: string[] }[]
  priorities: { level: Severity; name: Names | string; unassignedAfterSeconds: number | null }[]
  unitKinds: { code: string; name: Names | string }[]
  unitStatuses: { code: string; name: Names | string; state: UnitState }[]
  purposes: { code: string; name: Names | string; needsCase: boolean; /** Who may take it; absent where the server does not tell. */ roles?: string[] }[]
  map: { url: string; attribution: string } | null
}

export type UnitStatus = { code: string; state: UnitState; since: string; source?: string }
/** `pending`: shown before the server said so. */
export type AssignedUnit = { id: string; callSign: string; kind: string; assignedAt: string; enRouteAt?: string | null; onSceneAt?: string | null; status: UnitStatus; pending?: true }
/** A unit that was ever sent, with its times. */
export type SentUnit = { id: string; callSign: string; kind: string; assignedAt: string; enRouteAt: string | null; onSceneAt: string | null; clearedAt: string | null }
export type Caller = { name?: string | null; phone?: string | null }

export type Incident = {
  id: string
  number: string
  type: string
  priority: Severity
  state: 'open' | 'closed'
  place: Point | null
  description?: string | null
  caller?: Caller | null
  organisation: string
  openedAt: string
  modifiedAt: string
  closedAt: string | null
  version: number
  units: AssignedUnit[]
  grant?: string | null
  sent?: SentUnit[]
  pending?: true
}

/** Why something is proposed: a code to be worded here. */
export type Reason = { code: string; values: Record<string, unknown> }

export type Proposal = {
  unit: string
  callSign: string
  kind: string
  organisation: string
  status: UnitStatus
  seconds: number | null
  metres: number | null
  estimated: boolean
  suits: boolean
  reasons: Reason[]
}

export type PossibleDuplicate = { incident: string; number: string; type: string; priority: Severity; place: Point; openedAt: string; metres: number; units: number; reasons: Reason[] }

export type FoundPlace = { label: string; kind: 'city' | 'quarter' | 'street' | 'address' | 'building' | 'poi'; place: Point }

export type TimelineItem = {
  id: string
  at: string
  recordedAt: string
  source: 'console' | 'api' | 'unit' | 'system'
  by: string | null
  kind: 'opened' | 'changed' | 'assigned' | 'released' | 'status' | 'note' | 'closed' | 'reopened'
  text?: string | null
  facts?: Record<string, unknown> | null
}

export type Unit = {
  id: string
  callSign: string
  kind: string
  organisation: string
  status: UnitStatus
  position?: Point | null
  positionAt?: string | null
  incident: string | null
}

export type CameraState = 'connecting' | 'recording' | 'stalled' | 'off'
export type Camera = {
  id: string
  name: string
  organisation: string
  /** Without login, and only for those who may change the camera. */
  source?: string
  sub?: string
  /** SHA-256 of the only certificate that it may show over rtsps. */
  certificate?: string
  transport?: string
  record: boolean
  place: Point
  /** Where it looks, degrees clockwise from north. */
  heading: number | null
  state: CameraState
  /** Why it is not recording; empty when all is well. */
  reason: string
  stateSince: string
  lastByteAt?: string | null
  bitsPerSecond?: number
  clockOffsetMillis?: number | null
  lostPackets?: number
  version: number
}

export type WarningSeverity = 'Extreme' | 'Severe' | 'Moderate' | 'Minor' | 'Unknown'
export type WarningArea = { name: string; polygon: Geometry | null }
export type Warning = {
  id: string
  identifier: string
  sender?: string
  sent: string
  status: 'Actual' | 'Exercise' | 'System' | 'Test' | 'Draft'
  real: boolean
  msgType?: string
  scope?: string
  state: 'active' | 'ended' | 'cancelled' | 'superseded'
  organisation: string
  receivedAt?: string
  event: string
  headline?: string | null
  description?: string | null
  instruction?: string | null
  severity: WarningSeverity
  urgency?: string
  certainty?: string
  language?: string
  effective?: string | null
  onset?: string | null
  expires: string | null
  expiresAssumed?: boolean
  areas: WarningArea[]
  infos?: { language?: string; event?: string; headline?: string; description?: string; instruction?: string }[]
}

export type ComponentState = 'ok' | 'warning' | 'degraded' | 'down'
export type System = {
  version: string
  startedAt: string
  now: string
  state: ComponentState
  components: { name: string; state: ComponentState; since: string; detail?: string | null; remedy?: string | null }[]
  disk?: { freeBytes: number; totalBytes: number } | null
  backup?: { lastAt: string | null; ageSeconds: number | null } | null
  sequencers?: Record<string, { lag: number }> | null
  queues?: Record<string, { waiting: number; oldestAt: string | null; oldestSeconds: number | null }> | null
}

export type Page<T> = { items: T[]; next: string | null }

/** One line of the hub's change stream. */
export type Change = {
  seq: number
  change: 'created' | 'updated' | 'deleted'
  type: string
  id: string
  organisation: string
  at: string
  entity: Record<string, unknown> | null
}
