import { expect, test } from 'vitest'
import { merged, mostParts } from './basket'

const part = (camera: string, from: number, to: number) => ({ camera, from: new Date(from * 1000).toISOString(), to: new Date(to * 1000).toISOString() })

test('spans of one camera that touch become one, others stay apart', () => {
  expect(merged([part('a', 0, 10)], [part('a', 5, 20), part('a', 30, 40), part('b', 0, 10)])).toEqual([part('a', 0, 20), part('a', 30, 40), part('b', 0, 10)])
  expect(merged([part('a', 0, 100)], [part('a', 10, 20)])).toEqual([part('a', 0, 100)])
})
test('never more than the server takes', () => {
  expect(merged([], Array.from({ length: 99 }, (_, at) => part('a', at * 10, at * 10 + 1)))).toHaveLength(mostParts)
})
