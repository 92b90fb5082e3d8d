import type { Point } from 'geojson'
import { useSyncExternalStore } from 'react'
import { browserLink, type LinkDeps, TalkLink } from './link'
import { browserMedia, type MediaDeps, type MediaState, TalkMedia } from './media'
import { type Deed, nextPress, type Press, type PressEvent } from './press'
import type { Say, TalkMessage, Told } from './protocol'
import { alarms, type Line, nextTalk, silent, type TalkEvent, type TalkState } from './state'
import type { Sound } from './sounds'
import type { GroupSetting } from './talkPreferences'

export type SessionDeps = {
  link: LinkDeps
  media: MediaDeps
  now: () => number
  every: (work: () => void, ms: number) => () => void
  play: (sound: Sound) => void
  setting: (group: string) => GroupSetting
  vibrate: (pattern: number | number[]) => void
  client: () => string
  newClient: () => string
}
/** What stands around the pure state: the radio of this tab as parts of the screen see it. */
export type Radio = { state: TalkState; press: Press; media: MediaState; microphone: boolean; on: boolean; asking: boolean }

const alarmEveryMs = 6_000
const ringEveryMs = 2_500

/**
 * The radio of this tab: one line, one connection, one button. It lives outside of React, so that going from screen to
 * screen, or drawing a screen anew, never touches what one hears or says.
 */
export class TalkSession {
  private radio: Radio = { state: silent, press: { phase: 'up' }, media: 'off', microphone: false, on: false, asking: false }
  private readonly listeners = new Set<() => void>()
  private readonly ended = new Set<(told: Told) => void>()
  private readonly link: TalkLink
  private readonly media: TalkMedia
  private cancelTicks: () => void = () => {}
  private lastAlarm = 0
  private lastRing = 0

  constructor(private readonly deps: SessionDeps) {
    this.link = new TalkLink(deps.client(), deps.link, (told) => this.hear(told), (line) => this.lined(line), deps.newClient)
    this.media = new TalkMedia(
      deps.media,
      async (sdp, restart) => {
        const answer = await this.link.ask({ type: 'offer', sdp, ...(restart ? { restart } : {}) })
        if (answer.ok && answer.told?.type === 'answer') return { sdp: answer.told.sdp }
        return !answer.ok && answer.title !== '' ? 'refused' : 'silent'
      },
      (media, microphone) => this.put({ media, microphone }),
      () => this.pressed({ kind: 'stop' }),
    )
  }

  present = (): Radio => this.radio
  listen = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Everything that is told, for those who keep something of it (the outbox). */
  onTold(listener: (told: Told) => void): () => void {
    this.ended.add(listener)
    return () => this.ended.delete(listener)
  }

  get unit(): string | undefined {
    return this.link.unit
  }

  /** Signs on: what goes on is shown; nothing is heard or said before {@link enable}. */
  open(unit?: string): void {
    if (this.link.unit !== unit && this.radio.state.line !== 'off') this.close()
    this.link.unit = unit
    this.link.open()
    this.cancelTicks()
    this.cancelTicks = this.deps.every(() => this.tick(), 250)
  }

  close(): void {
    this.pressed({ kind: 'stop' })
    this.cancelTicks()
    this.media.close()
    this.link.close()
    this.put({ state: silent, on: false })
  }

  /** Takes microphone and ears. From a gesture only. Resolves to whether there is a microphone. */
  async enable(): Promise<boolean> {
    this.put({ asking: true })
    const microphone = await this.media.start()
    this.put({ on: true, asking: false })
    this.volumes()
    return microphone
  }

  retry(): void {
    if (this.radio.state.line === 'refused' || this.radio.state.line === 'off') this.link.open()
    else this.link.retryNow()
  }

  /** The network is another: the line is asked whether it stands, and the connection looks for a new path. */
  networkChanged(): void {
    this.link.retryNow()
    this.media.restart()
  }

  say(say: Say, name?: string): boolean {
    const out = this.link.say(say)
    const before = this.radio.state.call
    if (out) this.event({ kind: 'said', say, now: this.deps.now(), ...(name ? { name } : {}) })
    this.talkFreely(before)
    return out
  }

  /** A call without floor opens the microphone when it begins and shuts it when it ends. */
  private talkFreely(before: TalkState['call']): void {
    const { call } = this.radio.state
    if (call === before) return
    if (call?.phase === 'talking' && !call.floor) this.pressed({ kind: 'call', group: call.group })
    else if (before?.phase === 'talking' && !before.floor) this.pressed({ kind: 'stop' })
  }

  ask(say: Say) {
    return this.link.ask(say)
  }

  /** @param floor whether the two talk in turn. Resolves to why nobody rings; empty when it rings, or nobody knows. */
  async call(participant: string, name: string, floor: boolean): Promise<string> {
    this.event({ kind: 'said', say: { type: 'call', participant, floor }, name, now: this.deps.now() })
    const answer = await this.link.ask({ type: 'call', participant, floor })
    return answer.ok ? '' : answer.title
  }

  select(group: string): void {
    // Who changes the group while talking talks in the old one until the button is let go.
    this.event({ kind: 'select', group })
  }

  acknowledge(key: string): void {
    this.event({ kind: 'acknowledge', key })
  }

  heardOf(messages: readonly TalkMessage[]): void {
    this.event({ kind: 'heard-of', messages })
  }

  /** Why one cannot talk now; null: one can. */
  get hindrance(): 'off' | 'noLine' | 'noMicrophone' | 'noSound' | 'noGroup' | 'listenOnly' | null {
    const { state, on, microphone, media } = this.radio
    if (state.line !== 'open') return 'noLine'
    if (!on) return 'off'
    if (!microphone) return 'noMicrophone'
    // The floor would be given, and nobody would hear.
    if (media !== 'connected') return 'noSound'
    const group = state.groups.find((one) => one.id === this.target())
    if (!group) return 'noGroup'
    return group.mayTalk ? null : 'listenOnly'
  }

  /** Whom one would talk to: the private call while there is one, else the selected group. */
  target(): string | null {
    const { call, selected } = this.radio.state
    return call && call.phase !== 'ringing' && call.group !== null ? call.group : selected
  }

  down(tap: boolean): void {
    const group = this.target()
    const press = this.radio.press
    const { call } = this.radio.state
    if (call?.phase === 'talking' && !call.floor && press.phase === 'up') return this.pressed({ kind: 'call', group: call.group })
    if (press.phase === 'up' && (group === null || this.hindrance !== null)) return this.deps.play('denied')
    if (group !== null) this.pressed({ kind: 'down', group, tap })
  }

  up(): void {
    this.pressed({ kind: 'up' })
  }

  blur(): void {
    this.pressed({ kind: 'blur' })
  }

  stop(): void {
    this.pressed({ kind: 'stop' })
  }

  /** Raises the emergency in the group one is in. The microphone opens with the grant, for ten seconds. Whether it went out. */
  emergency(place?: Point): boolean {
    const group = this.target()
    const out = group !== null && this.say({ type: 'emergency', group, ...(place ? { place } : {}) })
    if (out && this.radio.on) this.pressed({ kind: 'emergency', group })
    this.deps.vibrate([120, 60, 120])
    return out
  }

  private pressed(event: PressEvent): void {
    const { press, deeds } = nextPress(this.radio.press, event)
    // The microphone first: it must never be open while anything else is still being done.
    for (const deed of deeds) if (deed.kind === 'microphone') this.media.open(deed.open)
    if (press !== this.radio.press) this.put({ press })
    for (const deed of deeds) if (deed.kind !== 'microphone') this.asked(deed)
  }

  private asked(deed: Extract<Deed, { group: string }>): void {
    if (deed.kind === 'request' && !this.say({ type: 'request', group: deed.group })) this.pressed({ kind: 'stop' })
    else if (deed.kind === 'release') this.say({ type: 'release', group: deed.group })
  }

  private hear(told: Told): void {
    const now = this.deps.now()
    const before = this.radio.state
    if (told.type === 'invited' && before.call && before.call.group !== told.group) {
      this.link.say({ type: 'refuse', group: told.group })
      return
    }
    this.event({ kind: 'told', told, now })
    this.talkFreely(before.call)
    for (const listener of this.ended) listener(told)
    switch (told.type) {
      case 'welcome':
        this.scan()
        if (this.radio.on) this.media.offer()
        break
      case 'granted':
        // Only a grant that found the button held opens the microphone, and only then it sounds so.
        if (this.radio.press.phase === 'asking') {
          this.pressed({ kind: 'granted', group: told.group, now })
          this.deps.play('granted')
          this.deps.vibrate(40)
        } else this.pressed({ kind: 'granted', group: told.group, now })
        break
      case 'denied':
      case 'revoked':
        this.pressed({ kind: told.type, group: told.group, now })
        this.deps.play(told.type)
        this.deps.vibrate([80, 50, 80])
        break
      case 'released':
      case 'group-gone':
        this.pressed({ kind: 'ended', group: told.type === 'released' ? told.group : told.id, now })
        break
      case 'transmission': {
        this.volumes()
        const fresh = !before.airs.some((one) => one.talk === told.talk)
        if (fresh && told.party.id !== before.me?.id && !this.deps.setting(told.group).muted && told.ear >= 0) this.deps.play('incoming')
        break
      }
      case 'group':
        if (!before.groups.some((one) => one.id === told.group.id)) this.scan()
        break
    }
  }

  private lined(line: Line): void {
    if (line !== 'open') this.pressed({ kind: 'stop' })
    this.event({ kind: 'line', line, now: this.deps.now() })
  }

  private tick(): void {
    const now = this.deps.now()
    this.pressed({ kind: 'tick', now })
    const { state, press } = this.radio
    // The server ends a talk at its limit; this is for a server that does not.
    const floor = press.phase === 'talking' ? state.floors[press.group] : undefined
    if (floor?.kind === 'talking' && floor.until !== null && now > floor.until + 2_000) this.pressed({ kind: 'stop' })
    if (now - this.lastAlarm >= alarmEveryMs && alarms(state).some((one) => !one.acknowledged)) {
      this.lastAlarm = now
      this.deps.play('alarm')
    }
    if (now - this.lastRing >= ringEveryMs && state.call?.phase === 'ringing') {
      this.lastRing = now
      this.deps.play('ring')
      this.deps.vibrate([200, 100, 200])
    }
  }

  /** Which groups come to the ears first, and which not at all. */
  scan(): void {
    const groups = this.radio.state.groups.filter((one) => one.affiliated).map((one) => ({ group: one.id, priority: this.deps.setting(one.id).priority, muted: this.deps.setting(one.id).muted }))
    if (groups.length > 0) this.link.say({ type: 'scan', groups })
  }

  volumes(): void {
    for (const air of this.radio.state.airs) {
      if (air.ear < 0) continue
      const { volume, muted } = this.deps.setting(air.group)
      this.media.hear(air.ear, muted ? 0 : volume)
    }
  }

  /** Round trip and loss as the connection measures them; null where there is none. */
  async quality(): Promise<{ roundTripMs: number | null; lost: number } | null> {
    const report = await this.media.stats
    if (!report) return null
    let roundTripMs: number | null = null
    let [received, lost] = [0, 0]
    report.forEach((entry: Record<string, unknown>) => {
      if (entry.type === 'candidate-pair' && entry.nominated === true && typeof entry.currentRoundTripTime === 'number') roundTripMs = entry.currentRoundTripTime * 1_000
      if (entry.type === 'inbound-rtp') {
        received += Number(entry.packetsReceived ?? 0)
        lost += Math.max(0, Number(entry.packetsLost ?? 0))
      }
    })
    return { roundTripMs, lost: received + lost === 0 ? 0 : lost / (received + lost) }
  }

  private event(event: TalkEvent): void {
    const state = nextTalk(this.radio.state, event)
    if (state !== this.radio.state) this.put({ state })
  }

  private put(change: Partial<Radio>): void {
    const next = { ...this.radio, ...change }
    if ((Object.keys(change) as (keyof Radio)[]).every((key) => this.radio[key] === next[key])) return
    this.radio = next
    for (const listener of this.listeners) listener()
  }
}

export const browserSession = (more: Pick<SessionDeps, 'play' | 'setting' | 'client' | 'newClient'>): SessionDeps => ({
  link: browserLink,
  media: browserMedia,
  now: Date.now,
  every: (work, ms) => {
    const timer = setInterval(work, ms)
    return () => clearInterval(timer)
  },
  vibrate: (pattern) => {
    if (typeof navigator !== 'undefined' && 'vibrate' in navigator) navigator.vibrate(pattern)
  },
  ...more,
})

export function useSession(session: TalkSession): Radio {
  return useSyncExternalStore(session.listen, session.present)
}
