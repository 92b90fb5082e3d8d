import { type RefObject, useEffect, useState } from 'react'
import { type Stream, streamFor } from './stream'

/** The stream that fits a tile as large as it is now; null until it was measured. */
export function useStream(tile: RefObject<HTMLElement | null>): Stream | null {
  const [stream, setStream] = useState<Stream | null>(null)
  useEffect(() => {
    const element = tile.current
    if (!element) return
    const size = new ResizeObserver(() => setStream((before) => streamFor(before, element.clientHeight * devicePixelRatio)))
    size.observe(element)
    return () => size.disconnect()
  }, [tile])
  return stream
}
