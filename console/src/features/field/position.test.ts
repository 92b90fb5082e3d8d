import { expect, test } from 'vitest'
import { isDue } from './position'

test('a place is told at the rate the incident asks, and only where it is one', () => {
  expect(isDue(12, 0, 5_000, 5)).toBe(true)
  expect(isDue(12, 1_000, 5_000, 5)).toBe(false)
  expect(isDue(2_000, 0, 5_000, 5)).toBe(false)
})
