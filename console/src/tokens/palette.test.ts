import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { contrast } from './contrast'

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')
const themes = ['dark', 'light', 'contrast'] as const

function theme(name: string): Record<string, string> {
  const block = css.slice(css.indexOf(`[data-theme='${name}']`))
  const body = block.slice(block.indexOf('{') + 1, block.indexOf('}'))
  return Object.fromEntries([...body.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map((m) => [m[1], m[2]]))
}

const grounds = ['bg', 'surface', 'raised', 'selected', 'sunken']
const signs = ['sev-1', 'sev-2', 'sev-3', 'sev-4', 'ok', 'warn', 'bad', 'test', 'line-strong', 'accent', 'camera'].concat(
  ['available', 'assigned', 'en-route', 'on-scene', 'transporting', 'out-of-service', 'emergency'].map((s) => `state-${s}`),
)

describe.each(themes)('the %s theme', (name) => {
  const t = theme(name)
  const ratio = (a: string, b: string) => contrast(t[a]!, t[b]!)

  test.each(grounds)('carries text and muted text on %s', (ground) => {
    expect(ratio('text', ground)).toBeGreaterThanOrEqual(7)
    expect(ratio('muted', ground)).toBeGreaterThanOrEqual(4.5)
  })
  test.each(signs)('shows the sign %s on every surface', (sign) => {
    for (const ground of ['bg', 'surface', 'selected']) expect(ratio(sign, ground), ground).toBeGreaterThanOrEqual(3)
  })
  test.each(['bad', 'warn', 'ok', 'test', 'accent'])('can be read in words coloured %s', (word) => {
    for (const ground of ['bg', 'surface', 'raised']) expect(ratio(word, ground), ground).toBeGreaterThanOrEqual(4.5)
  })
  test('reads on buttons, overdue rows, advice and map', () => {
    expect(ratio('on-accent', 'accent')).toBeGreaterThanOrEqual(4.5)
    expect(ratio('text', 'overdue')).toBeGreaterThanOrEqual(7)
    expect(ratio('bad', 'overdue')).toBeGreaterThanOrEqual(4.5)
    expect(ratio('muted', 'overdue')).toBeGreaterThanOrEqual(4.5)
    expect(ratio('muted', 'advice')).toBeGreaterThanOrEqual(4.5)
    expect(ratio('map-label', 'map-ground')).toBeGreaterThanOrEqual(4.5)
    expect(ratio('focus', 'surface')).toBeGreaterThanOrEqual(3)
  })
})
