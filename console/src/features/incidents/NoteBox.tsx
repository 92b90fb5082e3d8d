import { useRef, useState } from 'react'
import type { Incident } from '../../api/types'
import { useCommand } from '../../commands'
import { useText } from '../../i18n'
import { Keys } from '../../ui'
import type { IncidentActions } from './incidents.actions'

/** A note for the timeline. What was typed stays until the server has it. */
export function NoteBox({ incident, actions }: { incident: Incident; actions: IncidentActions }) {
  const { t } = useText()
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  useCommand('note', () => field.current?.focus())
  const save = async () => {
    if (text.trim() === '' || busy) return
    setBusy(true)
    if (await actions.addNote(incident, text.trim())) setText('')
    setBusy(false)
  }
  return (
    <form className="note-box" onSubmit={(event) => { event.preventDefault(); void save() }}>
      <label className="sr-only" htmlFor="note">{t('note.label')}</label>
      <div className="note-field"><textarea
        id="note"
        ref={field}
        className="input"
        rows={1}
        dir="auto"
        value={text}
        maxLength={4000}
        placeholder={t('note.placeholder')}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) { event.preventDefault(); void save() }
          if (event.key === 'Escape') { event.stopPropagation(); field.current?.blur() }
        }}
      />
      {text === '' ? <Keys command="note" /> : null}</div>
      <button type="submit" className="button is-quiet" disabled={busy || text.trim() === ''}>{t('note.add')}</button>
    </form>
  )
}
