/** Short tones made here, so that there is no file to load: what a radio's user hears without looking. */
export type Sound = 'granted' | 'denied' | 'revoked' | 'incoming' | 'ring' | 'alarm'

type Note = { hertz: number; from: number; seconds: number }
const notes: Record<Sound, { level: number; notes: Note[] }> = {
  granted: { level: 0.12, notes: [{ hertz: 880, from: 0, seconds: 0.05 }, { hertz: 1318, from: 0.06, seconds: 0.06 }] },
  denied: { level: 0.14, notes: [{ hertz: 330, from: 0, seconds: 0.22 }] },
  revoked: { level: 0.16, notes: [{ hertz: 660, from: 0, seconds: 0.09 }, { hertz: 440, from: 0.1, seconds: 0.09 }, { hertz: 294, from: 0.2, seconds: 0.14 }] },
  incoming: { level: 0.05, notes: [{ hertz: 1046, from: 0, seconds: 0.04 }] },
  ring: { level: 0.12, notes: [{ hertz: 587, from: 0, seconds: 0.18 }, { hertz: 740, from: 0.2, seconds: 0.18 }] },
  // Two tones in turn, four times: told apart from everything else in the room, and never faster than three a second.
  alarm: { level: 0.22, notes: [0, 1, 2, 3].flatMap((turn) => [{ hertz: 960, from: turn * 0.7, seconds: 0.33 }, { hertz: 720, from: turn * 0.7 + 0.35, seconds: 0.33 }]) },
}

let context: AudioContext | null = null

/** Must be called from a gesture once; before that browsers keep a page silent. */
export function wakeSounds(): void {
  if (typeof AudioContext === 'undefined') return
  context ??= new AudioContext()
  void context.resume().catch(() => {})
}

export function play(sound: Sound, volume = 1): void {
  if (!context || context.state !== 'running') return
  const { level, notes: melody } = notes[sound]
  for (const note of melody) {
    const tone = context.createOscillator()
    const gain = context.createGain()
    const from = context.currentTime + note.from
    tone.frequency.value = note.hertz
    // Without a soft beginning and end a tone clicks.
    gain.gain.setValueAtTime(0, from)
    gain.gain.linearRampToValueAtTime(level * volume, from + 0.008)
    gain.gain.setValueAtTime(level * volume, from + note.seconds - 0.01)
    gain.gain.linearRampToValueAtTime(0, from + note.seconds)
    tone.connect(gain).connect(context.destination)
    tone.start(from)
    tone.stop(from + note.seconds + 0.02)
  }
}
