import type { Map as MapView } from 'maplibre-gl'
import { colour } from '../tokens'

const ratio = 2

/** Draws the signs of the console's lists as images of the map: the same shapes and colours, no sprite file. */
export function addImages(map: MapView, shapes: Record<string, string>, stateTokens: Record<string, string>): void {
  for (const [level, path] of Object.entries(shapes)) put(map, `incident-${level}`, sign(path, colour(`sev-${level}`), 22))
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
