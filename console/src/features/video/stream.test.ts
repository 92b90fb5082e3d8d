import { expect, test } from 'vitest'
import { streamFor } from './stream'

test('a large tile takes the full picture, a small one the smaller', () => {
  expect(streamFor(null, 1080)).toBe('main')
  expect(streamFor(null, 200)).toBe('sub')
  expect(streamFor('main', 200)).toBe('sub')
  expect(streamFor('sub', 900)).toBe('main')
})
test('a tile whose size is dragged does not change to and fro', () => {
  const changes = [300, 480, 500, 560, 500, 430, 480, 400].reduce<string[]>((seen, pixels) => {
    const next = streamFor((seen.at(-1) ?? null) as 'main' | 'sub' | null, pixels)
    return [...seen, next]
  }, [])
  expect(changes).toEqual(['sub', 'sub', 'sub', 'main', 'main', 'main', 'main', 'sub'])
})
