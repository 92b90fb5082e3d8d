// A stand-in for the city's server: an invented Monaco in memory, for working on the console without Java.
// `npm run build && [MAP=city.pmtiles] node dev/mock.mjs [port]` serves dist/ with the policy the real server sends. Not part of the jar.
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { talk } from './mockTalk.mjs'
import { video } from './mockVideo.mjs'

const port = Number(process.argv[2] ?? 8090)
const web = process.env.DIST ?? new URL('../dist', import.meta.url).pathname
const mapFile = process.env.MAP
const csp = "default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; media-src 'self' blob:; worker-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
const ago = (seconds) => new Date(Date.now() - seconds * 1000).toISOString()
const uuid = () => crypto.randomUUID()
const names = (en, fr, ar, zh) => ({ en, fr: fr ?? en, ...(ar ? { ar } : {}), ...(zh ? { zh } : {}) })
const point = (lon, lat) => ({ type: 'Point', coordinates: [lon, lat] })
const square = (w, s, e, n) => ({ type: 'Polygon', coordinates: [[[w, s], [e, s], [e, n], [w, n], [w, s]]] })

const city = {
  id: 'monaco', name: names('Alder', 'Aulne', 'ألدر', '桤木市'), timeZone: 'Europe/Paris', languages: ['en', 'fr'], demo: true, area: [7.409, 43.722, 7.44, 43.752],
  districts: [
    { id: 'd1', name: names('Harbour', 'Port', 'الميناء', '港口'), area: square(7.417, 43.7325, 7.4295, 43.7405) },
    { id: 'd2', name: names('Old Town', 'Vieille Ville', 'المدينة القديمة', '老城'), area: square(7.412, 43.7235, 7.4295, 43.7325) },
    { id: 'd3', name: names('North Shore', 'Rive Nord', 'الشاطئ الشمالي', '北岸'), area: square(7.4195, 43.7405, 7.438, 43.75) },
  ],
  organisations: [{ id: 'fire', name: names('Fire and rescue', 'Pompiers', 'الإطفاء والإنقاذ', '消防救援'), kind: 'fire' }, { id: 'police', name: names('Police', 'Police', 'الشرطة', '警察'), kind: 'police' }],
  incidentTypes: [
    ['fire.smoke', 'Smoke', 'Fumée', 'دخان', '烟雾', 1], ['water.person', 'Person in water', 'Personne à l’eau', 'شخص في الماء', '有人落水', 1], ['traffic.collision', 'Traffic collision', 'Accident de circulation', 'حادث مرور', '交通事故', 2],
    ['medical.chest', 'Chest pain', 'Douleur thoracique', 'ألم في الصدر', '胸痛', 2], ['alarm.shop', 'Alarm, shop', 'Alarme de magasin', 'إنذار متجر', '商店警报', 3], ['works.light', 'Traffic light dark', 'Feu éteint', 'إشارة معطلة', '信号灯故障', 3], ['order.noise', 'Noise', 'Bruit', 'ضوضاء', '噪音', 4],
  ].map(([code, en, fr, ar, zh, priority]) => ({ code, name: names(en, fr, ar, zh), priority, unitKinds: code.startsWith('fire') ? ['engine', 'ladder'] : code.startsWith('medical') ? ['ambulance'] : [] })),
  priorities: [[1, 'Critical', 'Critique', 'حرج', '紧急', 60], [2, 'High', 'Haute', 'عالٍ', '高', 180], [3, 'Medium', 'Moyenne', 'متوسط', '中', 900], [4, 'Low', 'Basse', 'منخفض', '低', 3600]].map(([level, en, fr, ar, zh, s]) => ({ level, name: names(en, fr, ar, zh), unassignedAfterSeconds: s })),
  unitKinds: [{ code: 'engine', name: names('Engine', 'Fourgon', 'سيارة إطفاء', '消防车') }, { code: 'ladder', name: names('Ladder', 'Échelle', 'سلّم', '云梯') }, { code: 'ambulance', name: names('Ambulance', 'Ambulance', 'إسعاف', '救护车') }, { code: 'patrol', name: names('Patrol', 'Patrouille', 'دورية', '巡逻车') }],
  unitStatuses: [['1', 'Available', 'Disponible', 'متاح', '可用', 'AVAILABLE'], ['2', 'Assigned', 'Engagé', 'مكلّف', '已派', 'ASSIGNED'], ['3', 'En route', 'En route', 'في الطريق', '途中', 'EN_ROUTE'], ['4', 'On scene', 'Sur place', 'في الموقع', '现场', 'ON_SCENE'], ['5', 'Transporting', 'Transport', 'نقل', '转运', 'TRANSPORTING'], ['6', 'Out of service', 'Indisponible', 'خارج الخدمة', '停用', 'OUT_OF_SERVICE'], ['0', 'Emergency', 'Urgence', 'طوارئ', '求救', 'EMERGENCY']].map(([code, en, fr, ar, zh, state]) => ({ code, name: names(en, fr, ar, zh), state })),
  purposes: [{ code: 'dispatch', name: names('Dispatch', 'Régulation', 'إرسال', '调度'), needsCase: true }],
  map: mapFile ? { url: '/map/city.pmtiles', attribution: '© OpenStreetMap contributors' } : null,
}
const status = (code, seconds) => { const s = city.unitStatuses.find((one) => one.code === code); return { code, state: s.state, since: ago(seconds), source: 'unit' } }
const units = []
const unit = (callSign, kind, code, lon, lat, seconds = 300) => units.push({ id: `urn:ngsi-ld:Unit:${uuid()}`, callSign, kind, organisation: 'fire', status: status(code, seconds), position: point(lon, lat), positionAt: ago(3), incident: null })
unit('E12', 'engine', '3', 7.4206, 43.7352); unit('A3', 'ambulance', '4', 7.4249, 43.7378); unit('E9', 'engine', '1', 7.4145, 43.7292); unit('L1', 'ladder', '1', 7.4262, 43.7431); unit('A1', 'ambulance', '1', 7.4185, 43.7313); unit('A2', 'ambulance', '5', 7.4281, 43.7414); unit('P4', 'patrol', '4', 7.4221, 43.7331); unit('P7', 'patrol', '1', 7.4312, 43.7462); unit('P9', 'patrol', '6', 7.4168, 43.7346); unit('E14', 'engine', '1', 7.4236, 43.7467)
const incidents = []
let number = 2033
const timelines = new Map()
const incident = (type, priority, lon, lat, seconds, description, callSigns = [], caller) => {
  const id = `urn:ngsi-ld:Incident:${uuid()}`
  const assigned = callSigns.map((name) => units.find((one) => one.callSign === name))
  incidents.push({ id, number: `I-${number++}`, type, priority, state: 'open', place: point(lon, lat), description, caller: caller ?? null, organisation: 'fire', openedAt: ago(seconds), modifiedAt: ago(5), closedAt: null, version: 1, grant: uuid(), units: assigned.map((one) => ({ id: one.id, callSign: one.callSign, kind: one.kind, assignedAt: ago(seconds - 20), status: one.status })) })
  for (const one of assigned) one.incident = id
  timelines.set(id, [mark('opened', seconds, { type }), ...assigned.flatMap((one) => [mark('assigned', seconds - 20, { unit: one.callSign }), mark('status', seconds - 45, { unit: one.callSign, code: one.status.code }, 'unit', one.callSign)])])
}
function mark(kind, seconds, facts = {}, source = 'console', by = 'Ada Novak', text) { return { id: uuid(), at: ago(seconds), recordedAt: ago(seconds), source, by, kind, text, facts } }
incident('order.noise', 4, 7.4287, 43.7446, 2910, 'Loud music, terrace'); incident('works.light', 3, 7.4198, 43.7364, 2050, 'Junction dark since the storm'); incident('alarm.shop', 3, 7.4231, 43.7393, 1307, 'False twice this week', ['P4']); incident('medical.chest', 2, 7.4272, 43.7405, 842, 'Male, 61, chest pain, conscious', ['A2']); incident('traffic.collision', 2, 7.4159, 43.7303, 95, 'Two cars, one lane blocked'); incident('water.person', 1, 7.4268, 43.7349, 71, 'Person in water near the steps'); incident('fire.smoke', 1, 7.4229, 43.7361, 134, 'Smoke from the second floor of the school. Caller sees flames at the window; 214 pupils, evacuation under way.', ['E12', 'A3'], { name: 'Marie Laurent', phone: '+377 99 12 34 56' })
timelines.get(incidents.at(-1).id).push(mark('note', 40, {}, 'console', 'Ada Novak', 'Caller stays on the line. Smoke now from the roof.'), mark('changed', 30, { priority: '2 → 1' }))
const warnings = []
const cap = process.env.ALERTS // a gzipped JSON array of alerts, as api.weather.gov gives their properties
if (cap) {
  const { gunzipSync } = await import('node:zlib')
  const told = JSON.parse(gunzipSync(readFileSync(cap)))
  for (const p of told) warnings.push({ id: `urn:ngsi-ld:Alert:${uuid()}`, identifier: p.id, sender: p.sender, sent: p.sent, status: /Test Message/.test(p.event) ? 'Test' : 'Actual', real: !/Test Message/.test(p.event), msgType: 'Alert', scope: 'Public', state: 'active', organisation: 'fire', receivedAt: ago(60), event: p.event, headline: p.headline, description: p.description, instruction: p.instruction, severity: p.severity, urgency: p.urgency, certainty: p.certainty, language: 'en-US', effective: p.effective, onset: p.onset, expires: new Date(Date.now() + 3.6e6 * (1 + Math.random() * 20)).toISOString(), areas: p.areaDesc.split('; ').map((name) => ({ name, polygon: null })), infos: [] })
}
const warning = (event, statusWord, severity, polygon, name) => warnings.push({ ...(warnings[0] ?? {}), id: `urn:ngsi-ld:Alert:${uuid()}`, identifier: uuid(), sent: ago(300), status: statusWord, real: statusWord === 'Actual', state: 'active', organisation: 'fire', event, headline: `${event} until this evening`, description: 'Smoke drifts north-east along the shore.', instruction: 'Close windows and doors.', severity, urgency: 'Immediate', certainty: 'Observed', expires: ago(-5400), areas: [{ name, polygon }], infos: [] })
warning('Smoke warning', 'Actual', 'Severe', { type: 'Polygon', coordinates: [[[7.4251, 43.7372], [7.4302, 43.7366], [7.4331, 43.7404], [7.4283, 43.7429], [7.4243, 43.7406], [7.4251, 43.7372]]] }, 'Harbour')
warning('Siren check', 'Exercise', 'Extreme', square(7.413, 43.7255, 7.4195, 43.7305), 'Old Town')

const sessions = new Map()
const streams = new Set()
let seq = 100
const entityOf = (type, one) => type === 'Incident'
  ? { number: one.number, incidentType: one.type, priority: one.priority, state: one.state, location: one.place, description: one.description, openedAt: one.openedAt, closedAt: one.closedAt, version: one.version, assignedUnit: one.units.map((u) => u.id) }
  : { callSign: one.callSign, kind: one.kind, statusCode: one.status.code, unitState: one.status.state, statusSince: one.status.since, location: one.position, locationAt: one.positionAt, incident: one.incident }
function tell(type, one, change = 'updated') {
  const told = { seq: ++seq, change, type, id: one.id, organisation: one.organisation, at: new Date().toISOString(), entity: entityOf(type, one) }
  for (const stream of streams) stream.write(`event: change\nid: ${seq}\ndata: ${JSON.stringify(told)}\n\n`)
}
setInterval(() => { for (const stream of streams) stream.write(`event: beat\ndata: ${JSON.stringify({ seq, at: new Date().toISOString() })}\n\n`) }, 5000)
setInterval(() => { for (const one of units.filter((u) => ['3', '5'].includes(u.status.code))) { one.position = point(one.position.coordinates[0] + (Math.random() - 0.4) * 2e-4, one.position.coordinates[1] + (Math.random() - 0.4) * 2e-4); one.positionAt = new Date().toISOString(); tell('Unit', one) } }, 2000)

const person = (csrf, seat) => ({ signedIn: true, csrf, person: { id: 'p1', username: 'ada', name: 'Ada Novak' }, organisation: { id: 'fire', name: city.organisations[0].name }, organisations: city.organisations.map(({ id, name }) => ({ id, name })), roles: (process.env.ROLES ?? 'dispatcher').split(','), seat, seats: [{ id: 's2', name: names('Dispatcher 2', 'Régulateur 2', 'المُرسِل 2', '调度员2') }], passkeys: 1 })
const server = createServer(async (request, response) => {
  const url = new URL(request.url, `http://${request.headers.host}`)
  const path = decodeURIComponent(url.pathname)
  const cookie = /conurb=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1]
  const seat = { id: 's2', name: names('Dispatcher 2', 'Régulateur 2', 'المُرسِل 2', '调度员2') }
  const json = (code, body, headers = {}) => { response.writeHead(code, { 'Content-Type': code >= 400 ? 'application/problem+json' : 'application/json', ...headers }); response.end(body === undefined ? '' : JSON.stringify(body)) }
  const problem = (code, title, detail, remedy) => json(code, { type: '/problems/mock', title, status: code, detail, remedy })
  let text = ''
  for await (const chunk of request) text += chunk
  const body = text && /json/.test(request.headers['content-type'] ?? '') ? JSON.parse(text) : {}
  const route = `${request.method} ${path}`
  if (path === '/api/session') {
    if (request.method === 'GET') return json(200, sessions.has(cookie) ? person(cookie, seat) : { signedIn: false, csrf: 'x' })
    if (request.method === 'POST') {
      if (body.password !== 'demo') return problem(401, 'Wrong user name or password')
      const id = uuid(); sessions.set(id, true)
      return json(200, person(id, seat), { 'Set-Cookie': `conurb=${id}; HttpOnly; SameSite=Strict; Path=/` })
    }
    if (request.method === 'DELETE') { sessions.delete(cookie); response.writeHead(204); return response.end() }
    return json(200, person(cookie, seat))
  }
  if (/^\/(api|whep|ngsi-ld)\//.test(path)) {
    if (!sessions.has(cookie)) return problem(401, 'Sign in')
    if (radio(request, { path, url, json, body })) return
    if (video(request, response, { path, url, body, text, json, problem })) return
    if (path === '/api/city') return json(200, city)
    if (path === '/api/system') return json(200, { version: '0.1.0', startedAt: ago(93000), now: ago(0), state: 'degraded', components: [{ name: 'PostgreSQL', state: 'ok', since: ago(93000), detail: '18.6, fsync on' }, { name: 'Change sequencer', state: 'ok', since: ago(93000) }, { name: 'Audit log', state: 'ok', since: ago(93000), detail: 'Last checkpoint 4 s ago' }, { name: 'Warning feed', state: 'degraded', since: ago(820), detail: 'The feed alerts.example did not answer for 13 minutes.', remedy: 'Check the address in the city folder; the next try is in 60 s.' }, { name: 'Bootstrap client', state: 'warning', since: ago(93000), detail: 'The installation client is still active.', remedy: 'Run ./conurb admin bootstrap disable when set-up is done.' }], disk: { freeBytes: 182e9, totalBytes: 480e9 }, backup: { lastAt: null, ageSeconds: null }, sequencers: { changes: { lag: 0 }, audit: { lag: 3 } }, queues: { notifications: { waiting: 2, oldestAt: ago(41), oldestSeconds: 41 } } })
    if (path === '/api/events') { response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' }); response.write(`event: hello\ndata: ${JSON.stringify({ seq, at: new Date().toISOString() })}\n\n`); streams.add(response); request.socket.on('close', () => streams.delete(response)); return }
    if (path === '/api/units') return json(200, { items: units, next: null })
    if (path === '/api/warnings') return json(200, { items: url.searchParams.get('state') === 'active' ? warnings : [], next: null })
    if (path.startsWith('/api/warnings/')) { const one = warnings.find((w) => path.endsWith(w.id)); return one ? json(200, one) : problem(404, 'No such warning') }
    if (route === 'GET /api/incidents') { const state = url.searchParams.get('state') ?? 'open'; return json(200, { items: incidents.filter((one) => one.state === state), next: null }) }
    if (route === 'POST /api/incidents') { const one = { ...body, number: `I-${number++}`, state: 'open', organisation: 'fire', openedAt: ago(0), modifiedAt: ago(0), closedAt: null, version: 1, units: [] }; incidents.push(one); timelines.set(one.id, [mark('opened', 0, { type: one.type })]); tell('Incident', one, 'created'); return json(201, one) }
    const [, , , incidentId, what, unitId] = path.split('/')
    const one = incidents.find((i) => i.id === incidentId)
    if (path.startsWith('/api/incidents/') && !one) return problem(404, 'No such incident')
    if (one) {
      const done = (kind, facts, code = 200) => { one.version++; timelines.get(one.id).push(mark(kind, 0, facts, 'console', 'Ada Novak', body.text)); tell('Incident', one); return json(code, one) }
      if (what === 'timeline') return json(200, { items: timelines.get(one.id) })
      if (what === 'notes') return done('note', {}, 201)
      if (what === 'units' && request.method === 'POST') { const u = units.find((x) => x.id === body.unit); if (u.callSign === 'P7') return problem(409, 'Unit not free', 'P7 was sent to I-2040 by Dispatcher 1 two seconds ago.', 'Choose another unit, or release P7 from I-2040 first.'); u.incident = one.id; u.status = status('2', 0); one.units.push({ id: u.id, callSign: u.callSign, kind: u.kind, assignedAt: ago(0), status: u.status }); tell('Unit', u); return done('assigned', { unit: u.callSign }) }
      if (what === 'units') { const u = units.find((x) => x.id === unitId); u.incident = null; u.status = status('1', 0); one.units = one.units.filter((x) => x.id !== unitId); tell('Unit', u); return done('released', { unit: u.callSign }) }
      if (request.method === 'PATCH') { Object.assign(one, body); one.closedAt = one.state === 'closed' ? ago(0) : null; return done(body.state === 'closed' ? 'closed' : body.state === 'open' ? 'reopened' : 'changed', body.priority ? { priority: String(body.priority) } : {}) }
      return json(200, one)
    }
    if (/units\/.*\/status/.test(path)) { const u = units.find((x) => x.id === path.split('/')[3]); u.status = status(body.code, 0); tell('Unit', u); return json(200, u) }
    return problem(404, 'No such thing', path)
  }
  if (path === '/map/city.pmtiles' && mapFile) {
    const size = statSync(mapFile).size
    const [, from = '0', to = String(size - 1)] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '') ?? []
    const end = Math.min(size - 1, Number(to))
    response.writeHead(206, { 'Content-Range': `bytes ${from}-${end}/${size}`, 'Content-Length': end - Number(from) + 1, ETag: '"1"' })
    return createReadStream(mapFile, { start: Number(from), end }).pipe(response)
  }
  const file = join(web, path)
  const served = path !== '/' && existsSync(file) ? file : join(web, 'index.html')
  const types = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css', '.html': 'text/html', '.svg': 'image/svg+xml', '.png': 'image/png', '.webmanifest': 'application/manifest+json' }
  response.writeHead(200, { 'Content-Type': types[extname(served)] ?? 'application/octet-stream', 'Content-Security-Policy': csp })
  createReadStream(served).pipe(response)
})
const radio = talk(server, incidents, units)
server.listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port} sign in as ada / demo`))
