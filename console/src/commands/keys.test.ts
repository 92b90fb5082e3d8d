import { expect, test } from 'vitest'
import { clashes, commandFor, commandIds, isSingle, keyName, keysOf, mayHave } from './keys'

const press = (key: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {}) =>
  keyName({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held })

test('names keys as the table writes them', () => {
  expect([press('n'), press('?', { shiftKey: true }), press('k', { ctrlKey: true }), press('k', { metaKey: true }), press('F6', { shiftKey: true }), press('Escape')])
    .toEqual(['n', '?', 'Ctrl+K', 'Ctrl+K', 'Shift+F6', 'Escape'])
})
test('no two commands have the same standard key', () => {
  for (const command of commandIds) for (const keys of keysOf(command, {})) expect(clashes(keys, command, {}), command).toEqual([])
})
test('a key may mean one thing in one room and another in the next, where only one of them is offered', () => {
  const video = (id: string) => /^wall|^mark/.test(id)
  expect(commandFor('0', null, {}, true, video)).toEqual({ command: 'wall16' })
  expect(commandFor('0', null, {}, true, (id) => id === 'fitMap')).toEqual({ command: 'fitMap' })
  expect(commandFor('i', null, {}, true, video)).toEqual({ command: 'markIn' })
  expect(clashes('i', 'incidents', {})).toEqual([])
  expect(clashes('g v', 'markIn', {})).toEqual(['goVideo'])
  expect([press(' '), press('ArrowLeft', { ctrlKey: true }), press('ArrowLeft', { shiftKey: true })]).toEqual(['Space', 'Ctrl+ArrowLeft', 'Shift+ArrowLeft'])
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
  expect(clashes('g', 'assign', {})).toEqual(['goOperations', 'goSystem', 'goVideo', 'goImports', 'goTalk'])
})
test('what is held while one talks is never a key that presses what has the focus, however it came into the map', () => {
  expect(['Space', 'Enter', 'Ctrl+Space', 'g t', 'Tab', 'F8', 'F13', 'Pause', 'Alt+t'].filter((keys) => mayHave('talk', keys))).toEqual(['F8', 'F13', 'Pause', 'Alt+t'])
  expect(keysOf('talk', { talk: ['Space', 'F7'] })).toEqual(['F7'])
  expect(mayHave('playPause', 'Space')).toBe(true)
  expect(press('F8', { ctrlKey: true, shiftKey: true })).toBe('Ctrl+Shift+F8')
})
