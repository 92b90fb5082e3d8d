import { expect, test } from 'vitest'
import { clashes, commandFor, commandIds, isSingle, keyName, keysOf } from './keys'

const press = (key: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {}) =>
  keyName({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held })

test('names keys as the table writes them', () => {
  expect([press('n'), press('?', { shiftKey: true }), press('k', { ctrlKey: true }), press('k', { metaKey: true }), press('F6', { shiftKey: true }), press('Escape')])
    .toEqual(['n', '?', 'Ctrl+K', 'Ctrl+K', 'Shift+F6', 'Escape'])
})
test('no two commands have the same standard key', () => {
  for (const command of commandIds) for (const keys of keysOf(command, {})) expect(clashes(keys, command, {}), command).toEqual([])
})
test('reads single keys, chords and sequences', () => {
  expect(commandFor('n', null, {}, true)).toEqual({ command: 'newIncident' })
  expect(commandFor('Ctrl+K', null, {}, true)).toEqual({ command: 'palette' })
  expect(commandFor('g', null, {}, true)).toEqual({ pending: 'g' })
  expect(commandFor('s', 'g', {}, true)).toEqual({ command: 'goSystem' })
  expect(commandFor('n', 'g', {}, true)).toEqual({ command: 'newIncident' })
  expect(commandFor('y', null, {}, true)).toBeNull()
})
test('single keys can be switched off; the others stay', () => {
  expect(commandFor('n', null, {}, false)).toBeNull()
  expect(commandFor('g', null, {}, false)).toBeNull()
  expect(commandFor('F6', null, {}, false)).toEqual({ command: 'nextPane' })
  expect(isSingle('g o')).toBe(true)
})
test('keys can be remapped and removed, and clashes are told', () => {
  expect(commandFor('x', null, { assign: ['x'] }, true)).toEqual({ command: 'assign' })
  expect(commandFor('a', null, { assign: ['x'] }, true)).toBeNull()
  expect(commandFor('a', null, { assign: [] }, true)).toBeNull()
  expect(clashes('n', 'assign', {})).toEqual(['newIncident'])
  expect(clashes('g', 'assign', {})).toEqual(['goOperations', 'goSystem'])
})
