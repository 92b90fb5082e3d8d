import { expect, test } from 'vitest'
import { attributeName, doubled, linesOf, type Mapping, mappingOf, ofKind, sourceOf, told, valueOf } from './mapping'

const mapping: Mapping = {
  type: 'Tree', id: 'urn:ngsi-ld:Tree:{no}',
  attributes: [{ name: 'location', kind: 'GeoProperty', latitude: 'lat', longitude: 'lon' }, { name: 'height', column: 'height', datatype: 'number' }],
}

test('each attribute has a line, and each column that none is made of one that is not used', () => {
  const lines = linesOf(mapping, ['no', 'lat', 'lon', 'height', 'CASE_STATUS'])
  expect(lines.map((line) => [line.used, sourceOf(line.target), line.target.name])).toEqual([
    [true, 'lat, lon', 'location'], [true, 'height', 'height'], [false, 'no', 'no'], [false, 'CASE_STATUS', 'caseStatus'],
  ])
})
test('what is sent has used lines only and nothing empty', () => {
  const lines = linesOf(mapping, ['height', 'b']).map((line) => ({ ...line, target: { ...line.target, unitCode: '' } }))
  expect(mappingOf({ ...mapping, owner: '', zone: 'UTC' }, lines)).toEqual({ ...mapping, zone: 'UTC' })
})
test('columns give names that an attribute may have', () => {
  expect(['CASE_STATUS', 'Street name', '2nd', 'nom de la rue', '类型', ''].map(attributeName)).toEqual(['caseStatus', 'streetName', 'column2nd', 'nomDeLaRue', '类型', 'column'])
})
test('another kind drops what it cannot have', () => {
  const target = { name: 'x', column: 'a', datatype: 'number', unitCode: 'MTR' } as const
  expect(ofKind(target, 'ListProperty')).toEqual({ ...target, kind: 'ListProperty' })
  expect(ofKind(target, 'Relationship')).toEqual({ name: 'x', column: 'a', kind: 'Relationship' })
})
test('names used twice are found, but for texts in several languages', () => {
  const line = (name: string, used = true, kind?: 'LanguageProperty') => ({ key: name, used, target: { name, ...(kind ? { kind } : {}) } })
  expect([...doubled([line('a'), line('a'), line('b'), line('b', false), line('c', true, 'LanguageProperty'), line('c', true, 'LanguageProperty')])]).toEqual(['a'])
})
test('values are told in one line', () => {
  expect([{ '@type': 'Date', '@value': '2026-03-01' }, { type: 'Point', coordinates: [7.4, 43.7] }, { type: 'Polygon', coordinates: [] }, 5, null, { a: 1 }].map(told))
    .toEqual(['2026-03-01', '7.4, 43.7', 'Polygon', '5', '', '{"a":1}'])
  expect(valueOf({ type: 'Relationship', object: 'urn:x:1' })).toBe('urn:x:1')
})
