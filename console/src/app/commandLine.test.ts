import { expect, test } from 'vitest'
import { incidentNumber, parseLine } from './commandLine'

test.each([
  ['D E12 A3', { kind: 'dispatch', callSigns: ['E12', 'A3'] }],
  ['d e12,a3 e12', { kind: 'dispatch', callSigns: ['E12', 'A3'] }],
  ['R E12', { kind: 'release', callSigns: ['E12'] }],
  ['N fire.smoke', { kind: 'new', type: 'fire.smoke', description: '' }],
  ['n fire.smoke Smoke  at school', { kind: 'new', type: 'fire.smoke', description: 'Smoke  at school' }],
  ['G I-12', { kind: 'goTo', number: 'I-12' }],
  ['g 12', { kind: 'goTo', number: 'I-12' }],
  ['S E12 4', { kind: 'status', callSign: 'E12', code: '4' }],
  ['P 1', { kind: 'priority', level: 1 }],
  ['T caller stays on', { kind: 'note', text: 'caller stays on' }],
])('%s', (typed, line) => expect(parseLine(typed)).toEqual(line))

test.each(['', 'D', 'smoke', 'person in water', 'P 7', 'S E12', '  '])('"%s" is a search', (typed) => {
  expect(parseLine(typed).kind).toBe('search')
})
test('numbers of incidents are understood however they are said', () => {
  expect(['12', 'i12', 'I-12', 'i 12', ' I-12 '].map(incidentNumber)).toEqual(Array(5).fill('I-12'))
})
test('any text gives an answer', () => {
  for (const typed of ['D ,,,', 'N \u202e', 'G ' + '9'.repeat(5_000), '\0', 'S 😀 😀']) expect(parseLine(typed).kind).toBeTruthy()
})
