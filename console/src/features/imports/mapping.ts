/** How rows become entities, as the server reads it (ImportMapping). What is not said is left out. */
export type Target = {
  name: string
  kind?: Kind
  column?: string
  template?: string
  latitude?: string
  longitude?: string
  datatype?: Datatype
  separator?: string
  unitCode?: string
  observedAt?: string
  language?: string
  pattern?: string
  zone?: string
}
export type Mapping = {
  type: string
  id?: string
  owner?: string
  existing?: 'update' | 'replace'
  language?: string
  pattern?: string
  zone?: string
  dialect?: { format: 'csv' | 'geojson' | 'json'; encoding?: string; delimiter?: string; decimal?: string }
  attributes: Target[]
}

export const kinds = ['Property', 'GeoProperty', 'Relationship', 'LanguageProperty', 'VocabProperty', 'JsonProperty', 'ListProperty'] as const
export type Kind = (typeof kinds)[number]
export const datatypes = ['text', 'number', 'boolean', 'dateTime', 'date', 'json'] as const
export type Datatype = (typeof datatypes)[number]

/** One line of the table: an attribute, used or not. */
export type Line = { key: string; used: boolean; target: Target }

/** A line for each attribute of the mapping, and one, not used, for each column that no attribute is made of. */
export function linesOf(mapping: Mapping, columns: readonly string[]): Line[] {
  const used = new Set(mapping.attributes.flatMap((one) => [one.column, one.latitude, one.longitude]))
  return [
    ...mapping.attributes.map((target, at) => ({ key: `a${at}`, used: true, target })),
    ...columns.filter((name) => !used.has(name)).map((name) => ({ key: `c${name}`, used: false, target: { name: attributeName(name), column: name } })),
  ]
}

/** `CASE_STATUS`: caseStatus. */
export function attributeName(column: string): string {
  const words = column.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '').map((word) => (word === word.toUpperCase() ? word.toLowerCase() : word))
  const name = words.map((word, at) => (at === 0 ? word[0]?.toLowerCase() : word[0]?.toUpperCase()) + word.slice(1)).join('')
  return /^\p{L}/u.test(name) ? name : `column${name}`
}

/** Where the value comes from, for people. */
export function sourceOf(target: Target): string {
  return target.column ?? target.template ?? `${target.latitude ?? ''}, ${target.longitude ?? ''}`
}

/** The mapping with these attributes, without what is empty: as it is sent. */
export function mappingOf(mapping: Mapping, lines: readonly Line[]): Mapping {
  const attributes = lines.filter((line) => line.used).map(({ target }) => withoutEmpty(target))
  return { ...withoutEmpty(mapping), attributes }
}

function withoutEmpty<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== '' && one !== undefined && one !== null)) as T
}

/** Whether a value of that kind has a datatype, a unit or a language. */
export const hasDatatype = (kind: Kind) => kind === 'Property' || kind === 'ListProperty'
export const hasUnit = (target: Target) => (target.kind ?? 'Property') === 'Property' && target.datatype === 'number'
export const hasPattern = (target: Target) => target.datatype === 'dateTime' || target.datatype === 'date'

/** The line with another kind: what the new one cannot have goes. */
export function ofKind(target: Target, kind: Kind): Target {
  const { datatype: _datatype, unitCode: _unit, pattern: _pattern, language: _language, ...rest } = target
  return hasDatatype(kind) && hasDatatype(target.kind ?? 'Property') ? { ...target, kind } : { ...rest, kind }
}

/** Names that two used lines share: the server would refuse them. */
export function doubled(lines: readonly Line[]): Set<string> {
  const seen = new Set<string>()
  const twice = new Set<string>()
  for (const { used, target } of lines) {
    if (!used || target.kind === 'LanguageProperty') continue
    if (seen.has(target.name)) twice.add(target.name)
    seen.add(target.name)
  }
  return twice
}

/** A value of a preview in one line. */
export function told(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'object') return String(value)
  const one = value as Record<string, unknown>
  if ('@value' in one) return String(one['@value'])
  if (one.type === 'Point' && Array.isArray(one.coordinates)) return one.coordinates.join(', ')
  return typeof one.type === 'string' && 'coordinates' in one ? one.type : JSON.stringify(value)
}

/** What an attribute of a preview holds. */
export function valueOf(attribute: unknown): unknown {
  const one = attribute as Record<string, unknown> | null
  return one?.value ?? one?.object ?? one?.languageMap ?? one?.vocab ?? one?.json ?? one?.valueList
}
