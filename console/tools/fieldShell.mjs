// What makes /field an app that can be installed: its icons, drawn here, and a service worker that keeps the shell for a start without a line.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { deflateSync } from 'node:zlib'

const ground = [0x17, 0x1e, 0x27]
const ink = [0x5a, 0xa9, 0xff]
const samples = 4

/** The sign of public/icon.svg in a grid of 32, as a function of the place: 0 outside, 1 ground, 2 ink. */
function sign(x, y, maskable) {
  // Masks cut the corners off: the sign shrinks into the safe middle and the ground goes to the edge.
  const scale = maskable ? 0.78 : 1
  const [u, v] = [(x - 16) / scale, (y - 16) / scale]
  const r = Math.hypot(u, v)
  const corner = Math.hypot(Math.max(0, Math.abs(x - 16) - 9), Math.max(0, Math.abs(y - 16) - 9))
  if (!maskable && corner > 7) return 0
  if (r <= 5.4) return 2
  const along = (((Math.atan2(v, u) + 2 * Math.PI) % (2 * Math.PI)) * 10.5) % 22
  return Math.abs(r - 10.5) <= 1.2 && along < 13 ? 2 : 1
}

function png(size, maskable) {
  const rows = Buffer.alloc(size * (size * 4 + 1))
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const seen = [0, 0, 0]
      for (let i = 0; i < samples * samples; i++) seen[sign(((x + ((i % samples) + 0.5) / samples) * 32) / size, ((y + (Math.floor(i / samples) + 0.5) / samples) * 32) / size, maskable)]++
      const solid = seen[1] + seen[2]
      const at = y * (size * 4 + 1) + 1 + x * 4
      for (let c = 0; c < 3; c++) rows[at + c] = solid === 0 ? 0 : Math.round((ground[c] * seen[1] + ink[c] * seen[2]) / solid)
      rows[at + 3] = Math.round((255 * solid) / (samples * samples))
    }
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(size, 0)
  head.writeUInt32BE(size, 4)
  head.set([8, 6, 0, 0, 0], 8)
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), part('IHDR', head), part('IDAT', deflateSync(rows, { level: 9 })), part('IEND', Buffer.alloc(0))])
}

function part(name, data) {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const whole = Buffer.alloc(body.length + 8)
  whole.writeUInt32BE(data.length, 0)
  body.copy(whole, 4)
  whole.writeUInt32BE(crc(body), body.length + 4)
  return whole
}

function crc(data) {
  let sum = ~0
  for (const byte of data) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (0xedb88320 & -(sum & 1))
  }
  return ~sum >>> 0
}

/** Files that are loaded with this one, and with those, without being asked for: scripts and their styles. */
function loadedWith(bundle, file, found = new Set()) {
  const one = bundle[file]
  if (!one || found.has(file)) return found
  found.add(file)
  for (const css of one.viteMetadata?.importedCss ?? []) found.add(css)
  for (const next of one.imports ?? []) loadedWith(bundle, next, found)
  return found
}

export function fieldShell() {
  return {
    name: 'field-shell',
    apply: 'build',
    generateBundle(options, bundle) {
      for (const size of [192, 512]) {
        this.emitFile({ type: 'asset', fileName: `icons/field-${size}.png`, source: png(size, false) })
        this.emitFile({ type: 'asset', fileName: `icons/field-maskable-${size}.png`, source: png(size, true) })
      }
      const scripts = Object.values(bundle).filter((one) => one.type === 'chunk')
      const wanted = scripts.filter((one) => one.isEntry || /\/features\/(field|talk)\/index\.ts$|\/i18n\/\w\w\.json$/.test(one.facadeModuleId ?? ''))
      if (wanted.length < 8) this.error('The parts of /field are not where the service worker looks for them')
      const shell = [...new Set(wanted.flatMap((one) => [...loadedWith(bundle, one.fileName)]))].sort().map((file) => `/${file}`)
      const worker = readFileSync(new URL('fieldWorker.js', import.meta.url), 'utf8')
      const version = createHash('sha256').update(shell.join()).update(worker).digest('hex').slice(0, 12)
      this.emitFile({ type: 'asset', fileName: 'field-worker.js', source: worker.replace('__VERSION__', version).replace("['__SHELL__']", JSON.stringify(shell)) })
    },
  }
}
