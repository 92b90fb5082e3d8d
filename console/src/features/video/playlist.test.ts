import { expect, test } from 'vitest'
import { lastOf, leaves, mediaAt, stretches, windowFor } from './playlist'

const at = (text: string) => Date.parse(`2026-03-01T${text}Z`)
const playlist = `#EXTM3U
#EXT-X-VERSION:7
#EXT-X-PLAYLIST-TYPE:VOD
#EXT-X-MAP:URI="files/1.mp4?grant=g",BYTERANGE="900@0"
#EXT-X-PROGRAM-DATE-TIME:2026-03-01T08:00:00.000Z
#EXTINF:2.000,
#EXT-X-BYTERANGE:1000@900
files/1.mp4?grant=g
#EXTINF:2.000,
#EXT-X-BYTERANGE:1000@1900
files/1.mp4?grant=g
#EXT-X-MAP:URI="files/2.mp4?grant=g",BYTERANGE="900@0"
#EXT-X-PROGRAM-DATE-TIME:2026-03-01T08:00:04.020Z
#EXTINF:2.000,
#EXT-X-BYTERANGE:1000@900
files/2.mp4?grant=g
#EXT-X-DISCONTINUITY
#EXT-X-PROGRAM-DATE-TIME:2026-03-01T08:10:00.000Z
#EXTINF:3.000,
files/3.mp4?grant=g
#EXT-X-ENDLIST
`

test('files that follow each other are one stretch, a hole begins another', () => {
  expect(stretches(playlist)).toEqual([{ wall: at('08:00:00'), media: 0, duration: 6 }, { wall: at('08:10:00'), media: 6, duration: 3 }])
})
test('a moment is found on the player’s clock, and in a hole it is nowhere', () => {
  const all = stretches(playlist)
  expect(mediaAt(all, at('08:00:05'))).toBe(5)
  expect(mediaAt(all, at('08:10:01.500'))).toBe(7.5)
  expect([mediaAt(all, at('08:05:00')), mediaAt(all, at('07:59:59')), mediaAt(all, at('08:10:03')), mediaAt([], 0)]).toEqual([null, null, null, null])
  expect(lastOf(all)).toBe(at('08:10:03'))
  expect(lastOf([])).toBeNull()
})
test('anything that is no playlist has no stretch', () => {
  for (const text of ['', '<html>', '#EXTM3U\n#EXTINF:abc,\nfile', '#EXTINF:2,\nfile', '#EXT-X-PROGRAM-DATE-TIME:soon\n#EXTINF:1,\nx']) expect(stretches(text)).toEqual([])
})
test('moving about within a window asks for nothing; its end, and the present, ask for more', () => {
  const now = at('12:00:00')
  const old = windowFor(at('08:12:00'), now)
  expect(old).toEqual({ from: at('08:10:00'), to: at('08:30:00') })
  expect([leaves(old, at('08:10:01'), now), leaves(old, at('08:29:00'), now), leaves(old, at('08:29:50'), now), leaves(old, at('08:09:00'), now)]).toEqual([false, false, true, true])
  const fresh = windowFor(at('11:59:50'), now)
  expect(fresh.to).toBe(now)
  expect(leaves(fresh, at('11:59:58'), now + 1_000)).toBe(false)
  expect(leaves(fresh, at('11:59:58'), now + 6_000)).toBe(true)
})
