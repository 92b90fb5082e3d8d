// Cameras for the mock: VIDEO=folder with v.m3u8 (one file, byte ranges), v.m4s and snap.jpg, looped for ever, with a hole of
// two minutes in every quarter of an hour; without it, cameras without pictures. There is no WHEP: live comes by HLS.
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

const folder = process.env.VIDEO ?? ''
const ago = (seconds) => new Date(Date.now() - seconds * 1000).toISOString()
const has = (name) => folder !== '' && existsSync(join(folder, name))
const quarter = 15 * 60_000

const clip = has('v.m3u8') ? readFileSync(join(folder, 'v.m3u8'), 'utf8').split('\n') : []
const map = /BYTERANGE="([^"]+)"/.exec(clip.join('\n'))?.[1]
const segments = clip.flatMap((line, at) => (line.startsWith('#EXTINF:') ? [{ seconds: Number.parseFloat(line.slice(8)), range: clip[at + 1].slice('#EXT-X-BYTERANGE:'.length) }] : []))
const loop = segments.reduce((sum, one) => sum + one.seconds, 0) * 1000

const camera = (name, organisation, lon, lat, heading, change = {}) => ({
  id: `urn:ngsi-ld:Camera:${crypto.randomUUID()}`, name, organisation, transport: 'auto', record: true, place: { type: 'Point', coordinates: [lon, lat] }, heading,
  state: 'recording', reason: '', stateSince: ago(8000), lastByteAt: ago(0), bitsPerSecond: 1_480_000, clockOffsetMillis: 12, lostPackets: 0, version: 1, source: `rtsp://10.0.4.${Math.floor(Math.random() * 200)}/main`, ...change,
})
export const cameras = [
  camera('Elm St North', 'police', 7.4222, 43.7366, 200), camera('School gate', 'police', 7.4236, 43.7357, 300), camera('Market 2', 'fire', 7.4240, 43.7369, 90),
  camera('Ring 3', 'police', 7.4215, 43.7353, 10), camera('Harbour steps', 'fire', 7.4268, 43.7349, null, { state: 'stalled', reason: 'Nothing came for 5 s; the camera was asked again 4 times.', stateSince: ago(760) }),
  camera('Old Town square', 'police', 7.4179, 43.7311, 45), camera('Tunnel east', 'police', 7.4191, 43.7337, 120, { state: 'connecting', reason: 'The camera refuses the login.', stateSince: ago(130) }),
  camera('North shore 1', 'fire', 7.4299, 43.7446, 15), camera('North shore 2', 'fire', 7.4312, 43.7456, 195), camera('Heliport', 'fire', 7.4196, 43.7259, null, { record: false }),
]
const exports = [{ id: crypto.randomUUID(), state: 'ready', percent: 100, by: 'Ada Novak', case: 'I-2031', reason: 'Asked for by the court, file 12/2026', parts: [{ camera: cameras[0].id, name: cameras[0].name, organisation: 'police', from: ago(9000), to: ago(8400) }], at: ago(7000), finishedAt: ago(6990), detail: '', bytes: 112e6, sha256: 'ab'.repeat(32), bundle: '/api/video/exports/x/bundle.zip' }]
const demo = { speed: 1, callsPaused: false, calls: 7, units: ['E12', 'A3', 'P4'].map((callSign) => ({ id: callSign, callSign, kind: 'engine', doing: 'free', linked: true })), cameras: cameras.map((one) => ({ id: one.id, name: one.name, fault: one.state === 'stalled' ? 'stop' : 'none' })), scenes: [{ id: 'smoke', title: 'Smoke at Harbour School: six calls' }, { id: 'cut', title: 'The link to Birch is cut' }] }

const holeAt = (at) => at % quarter < 120_000
function playlist(from, to, live) {
  const lines = ['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-TARGETDURATION:3', `#EXT-X-MEDIA-SEQUENCE:${live ? Math.floor(from / 2000) : 0}`, ...(live ? [`#EXT-X-DISCONTINUITY-SEQUENCE:${Math.floor(from / loop)}`] : ['#EXT-X-PLAYLIST-TYPE:VOD']), '#EXT-X-INDEPENDENT-SEGMENTS']
  let first = true
  let gone = false
  for (let at = Math.floor(from / 2000) * 2000; at + 2000 <= to; at += 2000) {
    if (!live && holeAt(at)) { gone = true; continue }
    const place = Math.floor((at % loop) / 2000)
    if (!first && (gone || place === 0)) lines.push('#EXT-X-DISCONTINUITY')
    if (first || gone || place === 0) lines.push(`#EXT-X-MAP:URI="files/1.mp4",BYTERANGE="${map}"`, `#EXT-X-PROGRAM-DATE-TIME:${new Date(at).toISOString()}`)
    first = gone = false
    lines.push(`#EXTINF:2.000,`, `#EXT-X-BYTERANGE:${segments[place].range}`, 'files/1.mp4')
  }
  return first ? null : `${lines.join('\n')}\n${live ? '' : '#EXT-X-ENDLIST\n'}`
}

/** Answers what concerns cameras and the demo; returns whether it did. */
export function video(request, response, { path, url, body, text, json, problem }) {
  if (path.startsWith('/whep/')) return problem(404, 'No WHEP in the mock'), true
  if (path === '/api/demo/state') return json(200, demo), true
  if (path.startsWith('/api/demo/')) {
    const [, , , what, id] = path.split('/')
    if (what === 'cameras') demo.cameras.find((one) => one.id === id).fault = body.fault
    if (what === 'units') demo.units.find((one) => one.callSign === id).linked = body.linked
    if (what === 'calls') demo.callsPaused = body.paused
    return json(200, demo), true
  }
  if (path === '/api/session/people') return json(200, { items: [{ username: 'ada', name: 'Ada Novak', roles: { fire: ['dispatcher'] } }, { username: 'ruth', name: 'Ruth Adler', roles: { fire: ['administrator'] } }] }), true
  if (path === '/api/grants') return json(201, { id: crypto.randomUUID(), until: ago(-3600) }), true
  if (path === '/ngsi-ld/v1/entities') return json(200, [{ id: 'f1', camera: cameras[3].id, kind: 'frozen', openedAt: ago(600) }]), true
  if (!path.startsWith('/api/video/')) return false
  if (path === '/api/video/exports' && request.method === 'GET') return json(200, { items: exports, next: null }), true
  if (path === '/api/video/exports') {
    const made = { ...exports[0], ...body, id: crypto.randomUUID(), state: 'running', percent: 40, bytes: 0, sha256: '', bundle: undefined, at: ago(0), parts: body.parts.map((one) => ({ ...one, name: cameras.find((held) => held.id === one.camera).name, organisation: 'police' })) }
    exports.unshift(made)
    return json(202, made), true
  }
  if (path === '/api/video/cameras' && request.method === 'POST') {
    if (request.headers['content-type'] === 'text/csv') { const rows = text.trim().split('\n').slice(1).map((line, at) => at % 3 === 2 ? { line: at + 2, name: line.split(',')[0], outcome: 'refused', detail: 'longitude is not a number.', remedy: 'Write degrees, as 7.4246.' } : { line: at + 2, name: line.split(',')[0], outcome: 'added', id: 'x' }); return json(200, { added: rows.filter((one) => one.outcome === 'added').length, refused: rows.filter((one) => one.outcome === 'refused').length, rows }), true }
    const made = camera(body.name, body.organisation ?? 'fire', ...body.place.coordinates, body.heading ?? null, { id: body.id, source: body.source, state: 'connecting' })
    cameras.push(made)
    return json(201, made), true
  }
  if (path === '/api/video/cameras') return json(200, { items: cameras, next: null }), true
  const [, , , , id, what, file] = path.split('/')
  const one = cameras.find((held) => held.id === id)
  if (!one) return problem(404, 'No such camera'), true
  const named = url.searchParams.get('case') ?? url.searchParams.get('grant') ?? request.headers['conurb-purpose']
  if (what && what !== 'timeline' && what !== 'files' && !named) return problem(403, 'Denied', `The picture of ${one.name} concerns persons and stands under a purpose.`, 'POST /api/grants and send its id as Conurb-Purpose.'), true
  const send = (type, content) => { response.writeHead(200, { 'Content-Type': type }); response.end(content) }
  if (what === undefined && request.method === 'PATCH') return json(200, Object.assign(one, body)), true
  if (what === undefined && request.method === 'DELETE') { cameras.splice(cameras.indexOf(one), 1); response.writeHead(204); return response.end(), true }
  if (what === undefined) return json(200, one), true
  if (what.startsWith('thumbnails') && has('snap.jpg')) return send('application/json', JSON.stringify({ items: [{ takenAt: new Date(Date.now() - 60_000).toISOString(), jpeg: readFileSync(join(folder, 'snap.jpg')).toString('base64') }] })), true
  if (what === 'snapshot.jpg' && has('snap.jpg') && one.state === 'recording') return send('image/jpeg', readFileSync(join(folder, 'snap.jpg'))), true
  if (what === 'live.m3u8' && segments.length > 0 && one.state === 'recording') return send('application/vnd.apple.mpegurl', playlist(Date.now() - 14_000, Date.now() - 2_000, true)), true
  if (what === 'recording.m3u8' && segments.length > 0) {
    const text = playlist(Date.parse(url.searchParams.get('from')), Date.parse(url.searchParams.get('to')), false)
    return (text === null ? problem(404, 'No such recording') : send('application/vnd.apple.mpegurl', text)), true
  }
  if (what === 'files' && file && has('v.m4s')) {
    const size = statSync(join(folder, 'v.m4s')).size
    const [, from = '0', to = String(size - 1)] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '') ?? []
    response.writeHead(206, { 'Content-Type': 'video/mp4', 'Content-Range': `bytes ${from}-${to}/${size}`, 'Content-Length': to - from + 1 })
    return createReadStream(join(folder, 'v.m4s'), { start: Number(from), end: Number(to) }).pipe(response), true
  }
  if (what === 'timeline') {
    const day = Date.parse(`${url.searchParams.get('day')}T00:00:00+01:00`)
    const covered = []
    const gaps = []
    for (let at = day; at < day + 24 * 3.6e6 && at < Date.now(); at += quarter) {
      gaps.push({ from: new Date(at).toISOString(), to: new Date(at + 120_000).toISOString(), reason: ['unreachable', 'packets-lost', 'not-running'][(at / quarter) % 3] })
      covered.push({ from: new Date(at + 120_000).toISOString(), to: new Date(Math.min(Date.now(), at + quarter)).toISOString() })
    }
    return json(200, { camera: one.id, day: url.searchParams.get('day'), from: new Date(day).toISOString(), to: new Date(day + 24 * 3.6e6).toISOString(), coveredSeconds: 80_000, bytes: 15e9, covered, gaps }), true
  }
  return problem(503, 'No picture', 'No picture of this camera can be had now.'), true
}
