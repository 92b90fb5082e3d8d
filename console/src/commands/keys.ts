/**
 * Every key of the console in one table: data, so that anybody may remap it, and so that the key sheet, the palette and
 * the tooltips can never disagree with what happens. `g o` is a sequence, `Ctrl+K` a chord.
 */
export const keyTable = {
  palette: ['Ctrl+K'],
  keySheet: ['?'],
  search: ['/'],
  back: ['Escape'],
  nextPane: ['F6'],
  previousPane: ['Shift+F6'],
  undo: ['Ctrl+Z'],
  goOperations: ['g o'],
  goSystem: ['g s'],
  goVideo: ['g v'],
  goImports: ['g i'],
  goTalk: ['g t'],
  talk: ['F8'],
  emergency: ['Ctrl+Shift+F8'],
  replay: ['F9'],
  nextGroup: ['Shift+F8'],
  muteGroup: ['Alt+F8'],
  newIncident: ['n'],
  assign: ['a'],
  release: ['r'],
  note: ['t'],
  edit: ['e'],
  priority: ['p'],
  closeIncident: ['c'],
  nextIncident: [']'],
  previousIncident: ['['],
  incidents: ['i'],
  units: ['u'],
  warnings: ['w'],
  mapList: ['m'],
  zoomIn: ['+'],
  zoomOut: ['-'],
  fitMap: ['0'],
  wall1: ['1'],
  wall4: ['4'],
  wall9: ['9'],
  wall16: ['0'],
  playPause: ['Space'],
  backSecond: ['ArrowLeft', ','],
  onSecond: ['ArrowRight', '.'],
  backTen: ['Shift+ArrowLeft'],
  onTen: ['Shift+ArrowRight'],
  backMinute: ['Ctrl+ArrowLeft'],
  onMinute: ['Ctrl+ArrowRight'],
  goLive: ['l'],
  markIn: ['i'],
  markOut: ['o'],
  addSpan: ['b'],
  clearTile: ['x'],
  chooseFile: ['n'],
  callPerson: ['c'],
  writeMessage: ['t'],
  demoPanel: [],
} as const satisfies Record<string, readonly string[]>

export type CommandId = keyof typeof keyTable
/** Commands of one room only: the same key may mean something else in another. What is not named here holds everywhere. */
const rooms: Record<string, readonly CommandId[]> = {
  operations: ['newIncident', 'assign', 'release', 'note', 'edit', 'priority', 'closeIncident', 'nextIncident', 'previousIncident', 'incidents', 'units', 'warnings', 'mapList', 'zoomIn', 'zoomOut', 'fitMap'],
  video: ['wall1', 'wall4', 'wall9', 'wall16', 'playPause', 'backSecond', 'onSecond', 'backTen', 'onTen', 'backMinute', 'onMinute', 'goLive', 'markIn', 'markOut', 'addSpan', 'clearTile'],
  imports: ['chooseFile'],
  talk: ['callPerson', 'writeMessage'],
}
/** Commands that last as long as their key is held. Space and Enter press what has the focus: they never talk. */
const heldCommands: readonly CommandId[] = ['talk', 'emergency']
export const isHeldCommand = (command: CommandId) => heldCommands.includes(command)

/** Whether a command may have a key. */
export function mayHave(command: CommandId, keys: string): boolean {
  return !isHeldCommand(command) || !/(^|\+| )(Space|Enter|Tab|Escape)$/.test(keys) && !keys.includes(' ')
}
const roomOf = (command: CommandId) => Object.keys(rooms).find((room) => rooms[room]?.includes(command))

/** Whether both can be meant on one screen. */
export function meet(one: CommandId, other: CommandId): boolean {
  const [a, b] = [roomOf(one), roomOf(other)]
  return a === undefined || b === undefined || a === b
}

export type KeyMap = Partial<Record<CommandId, readonly string[]>>
export const commandIds = Object.keys(keyTable) as CommandId[]

export type KeyPress = { key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean; shiftKey: boolean }

/** The name of a key press as the table writes it. Shift is told only where the key's own sign does not already show it. */
export function keyName(press: KeyPress): string {
  const key = press.key === ' ' ? 'Space' : press.key.length === 1 ? (press.ctrlKey || press.metaKey || press.altKey ? press.key.toUpperCase() : press.key) : press.key
  const shift = press.shiftKey && press.key.length > 1
  return [press.ctrlKey || press.metaKey ? 'Ctrl+' : '', press.altKey ? 'Alt+' : '', shift ? 'Shift+' : '', key].join('')
}

/** A single character without Ctrl or Alt: what WCAG 2.1.4 lets people switch off. */
export function isSingle(keys: string): boolean {
  return keys.split(' ').some((part) => [...part].length === 1 || part === 'Space')
}

export function keysOf(command: CommandId, remapped: KeyMap): readonly string[] {
  return (remapped[command] ?? keyTable[command]).filter((keys) => mayHave(command, keys))
}

/** Which command a key press means. `pending` is the first part of a sequence typed just before. */
export function commandFor(
  name: string,
  pending: string | null,
  remapped: KeyMap,
  singleKeys: boolean,
  applies: (command: CommandId) => boolean = () => true,
): { command: CommandId } | { pending: string } | null {
  const typed = pending === null ? name : `${pending} ${name}`
  let waiting = false
  for (const command of commandIds) {
    if (!applies(command)) continue
    for (const keys of keysOf(command, remapped)) {
      if (!singleKeys && isSingle(keys)) continue
      if (keys === typed) return { command }
      if (keys.startsWith(`${typed} `)) waiting = true
    }
  }
  if (waiting) return { pending: typed }
  return pending === null ? null : commandFor(name, null, remapped, singleKeys, applies)
}

/** The commands that already answer to a key, so that remapping warns instead of stealing. */
export function clashes(keys: string, command: CommandId, remapped: KeyMap): CommandId[] {
  return commandIds.filter(
    (other) =>
      other !== command &&
      meet(command, other) &&
      keysOf(other, remapped).some((taken) => taken === keys || taken.startsWith(`${keys} `) || keys.startsWith(`${taken} `)),
  )
}
