export { AlarmBar } from './AlarmBar'
export { CallBar } from './CallBar'
export { TalkScreen } from './TalkScreen'
export { TalkStrip } from './TalkStrip'
