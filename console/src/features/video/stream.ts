/** A camera's picture in full, or its smaller one where it has one. */
export type Stream = 'main' | 'sub'

const growsAbove = 540
const shrinksBelow = 420

/**
 * Which stream fits a tile of that many device pixels in height: a smaller one is meant for walls. Between the two bounds
 * it stays as it is, so that a tile whose size is dragged does not connect again and again.
 */
export function streamFor(before: Stream | null, pixels: number): Stream {
  if (pixels > growsAbove) return 'main'
  if (pixels < shrinksBelow) return 'sub'
  return before ?? 'sub'
}
