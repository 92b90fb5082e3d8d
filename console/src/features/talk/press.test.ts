import { expect, test } from 'vitest'
import { type Deed, emergencyTalkMs, nextPress, type Press, type PressEvent } from './press'

const group = 'g1'
const down: PressEvent = { kind: 'down', group, tap: false }
const up: PressEvent = { kind: 'up' }
const granted: PressEvent = { kind: 'granted', group, now: 1_000 }

function run(...events: PressEvent[]): { press: Press; deeds: string[]; open: boolean } {
  let press: Press = { phase: 'up' }
  const deeds: Deed[] = []
  let open = false
  for (const event of events) {
    const next = nextPress(press, event)
    press = next.press
    for (const deed of next.deeds) {
      deeds.push(deed)
      if (deed.kind === 'microphone') open = deed.open
    }
  }
  return { press, open, deeds: deeds.map((one) => (one.kind === 'microphone' ? (one.open ? 'open' : 'shut') : one.kind)) }
}

test('the microphone opens with the grant, not with the key, and shuts with the key', () => {
  expect(run(down)).toMatchObject({ deeds: ['request'], open: false })
  expect(run(down, granted)).toMatchObject({ deeds: ['request', 'open'], open: true })
  expect(run(down, granted, up)).toMatchObject({ deeds: ['request', 'open', 'shut', 'release'], open: false, press: { phase: 'up' } })
})
test('a grant that comes after the key was let go opens nothing and is given back', () => {
  expect(run(down, up, granted)).toMatchObject({ deeds: ['request', 'release', 'release'], open: false, press: { phase: 'up' } })
})
test('after a revoke the key must be let go before it asks again, and letting go does not open the microphone', () => {
  const revoked: PressEvent = { kind: 'revoked', group, now: 2_000 }
  expect(run(down, granted, revoked)).toMatchObject({ open: false, press: { phase: 'spent' }, deeds: ['request', 'open', 'shut', 'release'] })
  expect(run(down, granted, revoked, granted)).toMatchObject({ open: false })
  expect(run(down, granted, revoked, up)).toMatchObject({ open: false, press: { phase: 'up' } })
  expect(run(down, granted, revoked, down).deeds.filter((one) => one === 'request')).toHaveLength(1)
  expect(run(down, granted, revoked, up, down, granted)).toMatchObject({ open: true })
})
test.each<PressEvent>([up, { kind: 'blur' }, { kind: 'stop' }, { kind: 'revoked', group, now: 0 }, { kind: 'denied', group, now: 0 }, { kind: 'ended', group, now: 0 }])('%o always stops talking', (event) => {
  expect(run(down, granted, event).open).toBe(false)
})
test('who only taps talks until the next tap', () => {
  const tap: PressEvent = { kind: 'down', group, tap: true }
  expect(run(tap, up, granted, up)).toMatchObject({ open: true })
  expect(run(tap, up, granted, up, tap)).toMatchObject({ open: false, press: { phase: 'up' } })
  expect(run(tap, up, tap)).toMatchObject({ deeds: ['request', 'release'], press: { phase: 'up' } })
  expect(run(tap, up, granted, { kind: 'blur' }).open).toBe(false)
})
test('an emergency talks ten seconds without a hand, over a lost focus, and not a moment longer', () => {
  const raised: PressEvent = { kind: 'emergency', group }
  const tick = (now: number): PressEvent => ({ kind: 'tick', now })
  expect(run(raised, granted, up, { kind: 'blur' }, tick(1_000 + emergencyTalkMs - 1)).open).toBe(true)
  expect(run(raised, granted, tick(1_000 + emergencyTalkMs)).open).toBe(false)
  expect(run(raised, granted, { kind: 'stop' }).open).toBe(false)
  expect(run(raised, granted, down, tick(60_000)).open).toBe(true)
  expect(run(raised, granted, down, up).open).toBe(false)
})
test('an emergency in another group ends what was said in this one', () => {
  expect(run(down, granted, { kind: 'emergency', group: 'g2' })).toMatchObject({ open: false, deeds: ['request', 'open', 'shut', 'release'], press: { phase: 'asking', group: 'g2' } })
})
test('whatever comes in whatever order, the microphone is open only while talking', () => {
  let seed = 7
  const chance = (most: number) => (seed = (seed * 48_271) % 2_147_483_647) % most
  const all: PressEvent[] = [down, up, granted, { kind: 'down', group, tap: true }, { kind: 'emergency', group }, { kind: 'emergency', group: 'g2' }, { kind: 'granted', group: 'g2', now: 5 }, { kind: 'denied', group, now: 5 }, { kind: 'revoked', group, now: 5 }, { kind: 'ended', group: 'g2', now: 5 }, { kind: 'blur' }, { kind: 'stop' }, { kind: 'tick', now: 50_000 }]
  for (let round = 0; round < 2_000; round++) {
    const events = Array.from({ length: 1 + chance(12) }, () => all[chance(all.length)]!)
    const { press, open } = run(...events)
    expect(open, JSON.stringify(events)).toBe(press.phase === 'talking')
    expect(run(...events, { kind: 'stop' }).open).toBe(false)
  }
})
