import type { Map as MapView } from 'maplibre-gl'
import { colour } from '../tokens'

const ratio = 2

/** The colour of each camera state, and whether its body is filled: told by shape, too. */
const cameraSigns: Record<string, { token: string; mark: 'none' | 'ring' | 'bar' | 'cross' }> = {
  recording: { token: 'camera', mark: 'none' },
  live: { token: 'camera', mark: 'ring' },
  connecting: { token: 'muted', mark: 'ring' },
  lost: { token: 'warn', mark: 'bar' },
  off: { token: 'muted', mark: 'cross' },
}

/** Draws the signs of the console's lists as images of the map: the same shapes and colours, no sprite file. */
export function addImages(map: MapView, shapes: Record<string, string>, stateTokens: Record<string, string>): void {
  for (const [level, path] of Object.entries(shapes)) put(map, `incident-${level}`, sign(path, colour(`sev-${level}`), 22))
  for (const [state, one] of Object.entries(cameraSigns)) {
    put(map, `camera-${state}`, camera(one, false))
    put(map, `camera-${state}-facing`, camera(one, true))
  }
  for (const [state, token] of Object.entries(stateTokens)) {
    for (const stale of [false, true]) {
      put(map, `unit-${state}${stale ? '-stale' : ''}`, pill(colour(token), stale), { stretchX: [[10, 30]], stretchY: [[10, 22]], content: [8, 5, 32, 27], pixelRatio: ratio })
    }
  }
}

function put(map: MapView, name: string, image: ImageData, options: Parameters<MapView['addImage']>[2] = { pixelRatio: ratio }): void {
  if (map.hasImage(name)) map.removeImage(name)
  map.addImage(name, image, options)
}

function canvas(width: number, height: number): CanvasRenderingContext2D {
  const element = document.createElement('canvas')
  element.width = width
  element.height = height
  const context = element.getContext('2d')
  if (!context) throw new Error('no canvas')
  return context
}

function sign(path: string, fill: string, size: number): ImageData {
  const side = size * ratio
  const context = canvas(side, side)
  const scale = (side - 8) / 14
  context.setTransform(scale, 0, 0, scale, 4, 4)
  const shape = new Path2D(path)
  context.lineJoin = 'round'
  context.lineWidth = 3.4
  context.strokeStyle = colour('map-halo')
  context.stroke(shape)
  context.fillStyle = fill
  context.fill(shape)
  context.lineWidth = 1
  context.strokeStyle = colour('text')
  context.stroke(shape)
  return context.getImageData(0, 0, side, side)
}

/** A lens seen from above, looking north where it looks somewhere; else a plain box. Outlined, where units and incidents are filled. */
function camera({ token, mark }: { token: string; mark: string }, facing: boolean): ImageData {
  const side = 26 * ratio
  const context = canvas(side, side)
  context.scale(ratio, ratio)
  const body = new Path2D(facing ? 'M5 5h16l-4.500 11h-7z' : 'M6 7h14v11H6z')
  context.lineJoin = context.lineCap = 'round'
  context.fillStyle = mark === 'bar' ? colour(token) : colour('surface')
  context.strokeStyle = colour('map-halo')
  context.lineWidth = 5
  context.stroke(body)
  context.fill(body)
  context.strokeStyle = colour(token)
  context.lineWidth = 1.8
  if (mark === 'ring') context.setLineDash([3, 2.6])
  context.stroke(body)
  context.setLineDash([])
  const inner = colour(mark === 'bar' ? 'map-halo' : token)
  context.strokeStyle = context.fillStyle = inner
  if (mark === 'bar') context.stroke(new Path2D('M13 7.500v4M13 14v.1'))
  else if (mark === 'cross') context.stroke(new Path2D('M10 8l6 6M16 8l-6 6'))
  else context.fill(new Path2D(facing ? 'M13 8.200a2 2 0 1 0 0 4 2 2 0 0 0 0-4' : 'M13 10.500a2 2 0 1 0 0 4 2 2 0 0 0 0-4'))
  return context.getImageData(0, 0, side, side)
}

/** Filled for where a unit is; only an outline for where it was when it was last heard of. */
function pill(sign: string, stale: boolean): ImageData {
  const context = canvas(40, 32)
  context.fillStyle = stale ? colour('surface') : sign
  context.strokeStyle = stale ? sign : colour('map-halo')
  context.lineWidth = 3
  context.beginPath()
  context.roundRect(2, 2, 36, 28, 8)
  if (stale) context.fill()
  context.stroke()
  if (!stale) context.fill()
  return context.getImageData(0, 0, 40, 32)
}
