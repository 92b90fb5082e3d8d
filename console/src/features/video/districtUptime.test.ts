import { describe, expect, it } from 'vitest'
import { byDistrict, shareText } from './districtUptime'

const part = (district: string | null, organisation: string, cameras: number, wantedSeconds: number, coveredSeconds: number) =>
  ({ district, organisation, cameras, wantedSeconds, coveredSeconds, share: wantedSeconds === 0 ? null : coveredSeconds / wantedSeconds })

describe('uptime', () => {
  it('adds up organisations of a district and puts the worst first', () => {
    const shown = byDistrict([part('harbour', 'police', 2, 200, 200), part(null, 'school', 1, 0, 0), part('north', 'police', 1, 100, 90), part('harbour', 'school', 2, 200, 196)])
    expect(shown).toEqual([{ district: 'north', cameras: 1, share: 0.9 }, { district: 'harbour', cameras: 4, share: 0.99 }, { district: null, cameras: 1, share: null }])
  })

  it('never shows a whole that is not whole', () => {
    expect(shareText(0.99999, 'en')).toBe('99.9%')
    expect(shareText(1, 'en')).toBe('100.0%')
  })
})
