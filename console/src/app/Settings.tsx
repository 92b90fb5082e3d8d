import { type KeyboardEvent, useState } from 'react'
import { clashes, type CommandId, commandIds, type Density, keyName, keysOf, keyTable, type Language, languages, mayHave, prefer, type Theme, usePreferences } from '../commands'
import { useText } from '../i18n'
import { shown } from '../ui'
import { Sheet } from '../ui/Sheet'

export function Settings({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useText()
  const preferences = usePreferences()
  return (
    <Sheet title={t('settings.title')} open={open} onClose={onClose}>
      <div className="settings">
        <label><span className="label">{t('settings.language')}</span>
          <span className="select"><select value={preferences.language} onChange={(event) => prefer({ language: event.target.value as Language })}>{languages.map((one) => <option key={one} value={one} lang={one}>{t(`languages.${one}`)}</option>)}</select></span>
        </label>
        <label><span className="label">{t('settings.theme')}</span>
          <span className="select"><select value={preferences.theme} onChange={(event) => prefer({ theme: event.target.value as Theme })}>{(['dark', 'light', 'contrast'] as const).map((one) => <option key={one} value={one}>{t(`settings.themes.${one}`)}</option>)}</select></span>
        </label>
        <label><span className="label">{t('settings.density')}</span>
          <span className="select"><select value={preferences.density} onChange={(event) => prefer({ density: event.target.value as Density })}>{(['compact', 'normal', 'roomy'] as const).map((one) => <option key={one} value={one}>{t(`settings.densities.${one}`)}</option>)}</select></span>
        </label>
        <label className="check"><input type="checkbox" checked={preferences.singleKeys} onChange={(event) => prefer({ singleKeys: event.target.checked })} />{t('settings.singleKeys')}</label>
      </div>
    </Sheet>
  )
}

/** The sheet of keys is where they are changed, too. */
export function KeySheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useText()
  const { keys, singleKeys } = usePreferences()
  const [editing, setEditing] = useState<CommandId | null>(null)
  const [typed, setTyped] = useState('')
  /** Until something is pressed the old key stands there; the first press replaces it. */
  const [fresh, setFresh] = useState(true)
  const remapped = Object.keys(keys).length > 0

  const heard = (event: KeyboardEvent, command: CommandId) => {
    if (event.key === 'Tab' || /^(Control|Shift|Alt|Meta)$/.test(event.key)) return
    event.preventDefault()
    event.stopPropagation()
    if (event.key === 'Escape') return setEditing(null)
    if (event.key !== 'Enter') {
      setFresh(false)
      return setTyped(event.key === 'Backspace' ? '' : typed && !fresh && !typed.includes(' ') ? `${typed} ${keyName(event)}` : keyName(event))
    }
    if (typed !== '' && !mayHave(command, typed)) return
    const { [command]: _, ...others } = keys
    prefer({ keys: typed === keyTable[command][0] ? others : { ...others, [command]: typed === '' ? [] : [typed] } })
    setEditing(null)
  }
  return (
    <Sheet title={t('keys.title')} open={open} onClose={onClose}>
      <p className="muted">{t('keys.hint')}</p>
      <label className="check"><input type="checkbox" checked={singleKeys} onChange={(event) => prefer({ singleKeys: event.target.checked })} />{t('settings.singleKeys')}</label>
      <dl className="key-table">
        {commandIds.map((command) => {
          const clash = editing === command && typed !== '' ? clashes(typed, command, keys) : []
          return (
            <div key={command}>
              <dt>{t(`commands.${command}`)}</dt>
              <dd>
                {editing === command ? (
                  <>
                    <input className="input key-input" readOnly autoFocus value={typed === '' ? t('keys.none') : shown(typed)} aria-label={t('keys.press', { command: t(`commands.${command}`) })} onKeyDown={(event) => heard(event, command)} onBlur={() => setEditing(null)} dir="ltr" />
                    {typed !== '' && !mayHave(command, typed) ? <span className="field-error" role="alert">{t('keys.notHeld')}</span> : null}
                    {clash.length > 0 ? <span className="field-error" role="alert">{t('keys.clash', { command: t(`commands.${clash[0] ?? command}`) })}</span> : null}
                  </>
                ) : (
                  <button type="button" className="button is-bare" aria-label={t('keys.change', { command: t(`commands.${command}`), keys: keysOf(command, keys).join(', ') })} onClick={() => { setTyped(keysOf(command, keys)[0] ?? ''); setFresh(true); setEditing(command) }}>
                    {keysOf(command, keys).map((one) => <kbd key={one} className="keys" dir="ltr">{shown(one)}</kbd>)}
                    {keysOf(command, keys).length === 0 ? <span className="muted">{t('keys.none')}</span> : null}
                  </button>
                )}
              </dd>
            </div>
          )
        })}
      </dl>
      {remapped ? <button type="button" className="button is-quiet" onClick={() => prefer({ keys: {} })}>{t('keys.reset')}</button> : null}
    </Sheet>
  )
}
