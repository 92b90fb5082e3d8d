export type UptimePart = { district: string | null; organisation: string; cameras: number; wantedSeconds: number; coveredSeconds: number; share: number | null }
export type Uptimes = { from: string; to: string; wantedSeconds: number; coveredSeconds: number; share: number | null; districts: UptimePart[] }
export type DistrictUptime = { district: string | null; cameras: number; share: number | null }

/** All organisations of a district together; the worst district first, those where nothing was wanted last. */
export function byDistrict(parts: readonly UptimePart[]): DistrictUptime[] {
  const found = new Map<string | null, { cameras: number; wanted: number; covered: number }>()
  for (const part of parts) {
    const sum = found.get(part.district) ?? { cameras: 0, wanted: 0, covered: 0 }
    found.set(part.district, { cameras: sum.cameras + part.cameras, wanted: sum.wanted + part.wantedSeconds, covered: sum.covered + part.coveredSeconds })
  }
  return [...found]
    .map(([district, sum]) => ({ district, cameras: sum.cameras, share: sum.wanted === 0 ? null : sum.covered / sum.wanted }))
    .sort((a, b) => (a.share ?? 2) - (b.share ?? 2))
}

/** Never rounded up to a whole that it is not. */
export function shareText(share: number, language: string): string {
  return new Intl.NumberFormat(language, { style: 'percent', minimumFractionDigits: 1 }).format(Math.floor(share * 1000) / 1000)
}
