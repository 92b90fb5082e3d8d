import { expect, test } from 'vitest'
import { grid } from './grid'

test.each([[[-180, -85, 180, 85]], [[7.40, 43.72, 7.44, 43.75]], [[0, 0, 0.001, 0.001]], [[-180, -20, 180, 70]]] as [[number, number, number, number]][])('a grid of %j has few lines, each named', (box) => {
  const lines = grid(box).features
  expect(lines.length).toBeGreaterThan(2)
  expect(lines.length).toBeLessThan(50)
  for (const line of lines) expect(line.properties?.label).toMatch(/^-?\d+(\.\d+)?°$/)
})
