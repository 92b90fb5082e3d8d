// The radio of the mock city: groups, a floor, voices that are only told, messages, an emergency on request. No sound comes of it.
// TALK=emergency begins with an emergency; TALK=call rings after some seconds. See mock.mjs.
import { createHash } from 'node:crypto'

const uuid = () => crypto.randomUUID()
const me = { id: 'sip:dispatch-2@alder', name: 'Dispatcher 2', organisation: 'fire' }
const others = ['E12', 'A3', 'P4', 'L1'].map((name) => ({ id: `sip:unit-${name.toLowerCase()}@alder`, name, organisation: name.startsWith('P') ? 'police' : 'fire' }))
const group = (name, origin, more = {}) => ({ id: `urn:ngsi-ld:TalkGroup:${uuid()}`, name, kind: 'chat', origin, organisation: 'fire', recorded: true, affiliated: true, mayTalk: true, rights: ['force-release', 'cancel-request', 'patch', 'cancel-emergency', 'close'], urgency: 'routine', talkers: [], waiting: 0, members: 9, joined: 4, emergencies: [], ...more })

/** @param incidents the open ones of the mock; @param units to stand at an emergency */
export function talk(server, incidents, units) {
  const smoke = incidents.find((one) => one.type === 'fire.smoke')
  const groups = [group(smoke.number, 'incident', { incident: smoke.id, joined: 14, members: 14 }), group('Fire tactical 1', 'standing'), group('Ambulance', 'standing'), group('Police', 'standing', { organisation: 'police', mayTalk: false, recorded: false, rights: [] })]
  if (process.env.TALK === 'emergency') groups[0].emergencies = [{ participant: others[0].id, name: 'E12', urgency: 'emergency', place: units[0].position, since: new Date().toISOString() }]
  const spurts = groups.flatMap((one, at) => others.slice(0, 3).map((who, turn) => ({ id: uuid(), group: one.id, groupName: one.name, incident: one.incident ?? null, participant: who.id, name: who.name, began: new Date(Date.now() - (at * 3 + turn + 1) * 41_000).toISOString(), seconds: 3 + turn * 2, urgency: 'routine', recorded: one.recorded })))
  const messages = [{ id: uuid(), from: others[0], to: groups[0].id, at: new Date(Date.now() - 60_000).toISOString(), text: 'Water supply from the north side, hydrant 14.' }]
  const clients = new Set()
  const all = (told) => { for (const say of clients) say(told) }
  let talker = null

  setInterval(() => {
    if (talker || clients.size === 0) return
    const [who, where, id] = [others[Math.floor(Math.random() * others.length)], groups[Math.floor(Math.random() * 3)], uuid()]
    talker = { group: where.id, talk: id }
    where.talkers = [who]
    all({ type: 'taken', group: where.id, parties: [who], mayRequest: true })
    all({ type: 'transmission', group: where.id, talk: id, party: who, ear: 0, urgency: 'routine' })
    setTimeout(() => {
      talker = null
      where.talkers = []
      spurts.unshift({ id, group: where.id, groupName: where.name, incident: where.incident ?? null, participant: who.id, name: who.name, began: new Date(Date.now() - 4_000).toISOString(), seconds: 4, urgency: 'routine', recorded: true })
      all({ type: 'transmission-end', group: where.id, talk: id, ear: 0 })
      all({ type: 'idle', group: where.id })
    }, 4_000)
  }, Number(process.env.TALK_EVERY ?? 9_000))

  function heard(told, say) {
    const one = groups.find((each) => each.id === told.group)
    switch (told.type) {
      case 'hello':
        say({ type: 'welcome', participant: me, groups, hears: 4 })
        if (process.env.TALK === 'call') setTimeout(() => say({ type: 'invited', group: 'private-1', by: others[1] }), 1_500)
        return
      case 'ping': return say({ type: 'pong' })
      case 'request':
        return setTimeout(() => say(talker?.group === told.group ? { type: 'queued', group: told.group, position: 1, priority: 100 } : { type: 'granted', group: told.group, seconds: 30, priority: 100 }), 60)
      case 'emergency':
        one.emergencies = [{ participant: me.id, name: me.name, urgency: 'emergency', since: new Date().toISOString() }]
        all({ type: 'group', group: one })
        return say({ type: 'granted', group: one.id, seconds: 30, priority: 255 })
      case 'cancel-emergency':
        one.emergencies = one.emergencies.filter((each) => each.participant !== told.participant)
        return all({ type: 'group', group: one })
      case 'affiliate': case 'deaffiliate': one.affiliated = told.type === 'affiliate'; return all({ type: 'group', group: one })
      case 'patch': one.patchedTo = told.other; return all({ type: 'group', group: one })
      case 'unpatch': delete one.patchedTo; return all({ type: 'group', group: one })
      case 'offer': return say({ type: 'problem', re: told.id, title: 'No sound here', detail: 'The mock city has no sound.', status: 503 })
    }
  }

  server.on('upgrade', (request, socket) => {
    if (request.url !== '/api/talk/socket') return socket.destroy()
    const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: conurb.talk.v1\r\n\r\n`)
    const say = (told) => {
      const text = Buffer.from(JSON.stringify(told))
      const head = text.length < 126 ? Buffer.from([0x81, text.length]) : Buffer.from([0x81, 126, text.length >> 8, text.length & 255])
      socket.write(Buffer.concat([head, text]))
    }
    clients.add(say)
    let held = Buffer.alloc(0)
    socket.on('data', (chunk) => {
      held = Buffer.concat([held, chunk])
      for (;;) {
        if (held.length < 2) return
        const short = held[1] & 127
        const from = short === 126 ? 4 : 2
        if (held.length < from + 4) return
        const length = short === 126 ? held.readUInt16BE(2) : short
        if (held.length < from + 4 + length) return
        const mask = held.subarray(from, from + 4)
        const data = Buffer.from(held.subarray(from + 4, from + 4 + length).map((byte, at) => byte ^ mask[at % 4]))
        const opcode = held[0] & 15
        held = held.subarray(from + 4 + length)
        if (opcode === 8) return socket.end()
        if (opcode === 1) heard(JSON.parse(data.toString()), say)
      }
    })
    socket.on('close', () => clients.delete(say))
    socket.on('error', () => clients.delete(say))
  })

  /** The doors of HTTP; whether it was one. */
  return (request, { path, url, json, body }) => {
    if (!path.startsWith('/api/talk/')) return false
    const query = (name) => url.searchParams.get(name)
    if (path === '/api/talk/spurts') json(200, { items: spurts.filter((one) => (!query('group') || one.group === query('group')) && (!query('incident') || one.incident === query('incident'))).slice(0, Number(query('limit') ?? 50)), next: null })
    else if (path.endsWith('/waveform')) json(200, { peaks: Array.from({ length: 200 }, (_, at) => Math.round(Math.abs(Math.sin(at / 5) * Math.cos(at / 31)) * 230)) })
    else if (path === '/api/talk/participants') json(200, { items: [...others, me].filter((one) => one.name.toLowerCase().includes((query('q') ?? '').toLowerCase())).map((one, at) => ({ ...one, kind: 'unit', connected: at % 3 !== 2 })), next: null })
    else if (path === '/api/talk/messages' && request.method === 'GET') json(200, { items: messages.filter((one) => one.to === query('with') || one.from.id === query('with')), next: null })
    else if (path === '/api/talk/messages') { const one = { ...body, from: me, at: new Date().toISOString(), state: 'stored' }; if (!messages.some((each) => each.id === one.id)) messages.push(one); json(201, one); for (const [state, ms] of [['delivered', 800], ['read', 2_500]]) setTimeout(() => all({ type: 'message-state', id: one.id, state }), ms) }
    else if (/messages\/[^/]+\/read$/.test(path)) json(204)
    else if (path === '/api/talk/attachments' && request.method === 'POST') json(201, { id: uuid() })
    else if (path === '/api/talk/groups' && request.method === 'POST') { const one = group(body.name, 'temporary', { recorded: body.recorded, members: body.members.length + 1 }); groups.push(one); all({ type: 'group', group: one }); json(201, one) }
    else if (path.startsWith('/api/talk/groups/') && request.method === 'DELETE') { const at = groups.findIndex((one) => one.id === path.split('/').at(-1)); if (at >= 0) all({ type: 'group-gone', id: groups.splice(at, 1)[0].id }); json(204) }
    else return false
    return true
  }
}
