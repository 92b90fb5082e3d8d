import { type ReactNode, type Ref, useEffect, useId, useImperativeHandle, useRef, useState } from 'react'
import { List, type ListDoor } from './List'

export type ComboDoor = { focus: () => void }

type Props<T> = {
  label: string
  hideLabel?: boolean
  text: string
  onText: (text: string) => void
  items: readonly T[]
  keyOf: (item: T) => string
  render: (item: T) => ReactNode
  onPick: (item: T) => void
  /** Runs Enter when it should not pick from the list; returns whether it did. */
  onEnter?: () => boolean
  onEscape?: () => void
  placeholder?: string
  empty: ReactNode
  /** The list stays below the field instead of floating while the field has the focus. */
  inline?: boolean
  row?: 'row' | 'line-row'
  head?: ReactNode
  end?: ReactNode
  className?: string
  door?: Ref<ComboDoor>
  required?: boolean
  invalid?: boolean
  describedBy?: string | undefined
  autoFocus?: boolean
  /** The item that stands in the field: the list opens on it, and only when asked for. */
  chosen?: string | undefined
}

/** A field that leads a list: type to filter, arrows to move, Enter to pick (ARIA combobox with a list box). */
export function Combo<T>(props: Props<T>) {
  const { label, text, items, inline = false } = props
  const id = useId()
  const field = useRef<HTMLInputElement>(null)
  const list = useRef<ListDoor>(null)
  const [focused, setFocused] = useState(false)
  const [closed, setClosed] = useState(false)
  const [active, setActive] = useState<string | undefined>()
  const open = inline || (focused && !closed)
  useImperativeHandle(props.door, () => ({ focus: () => { field.current?.focus(); field.current?.select() } }))
  useEffect(() => {
    if (props.autoFocus) field.current?.focus()
  }, [props.autoFocus])

  const pick = (item: T) => {
    setClosed(!inline)
    props.onPick(item)
  }
  return (
    <div className={`combo ${inline ? 'is-inline' : ''} ${props.className ?? ''}`}>
      <label htmlFor={id} className={props.hideLabel ? 'sr-only' : 'label'}>{label}</label>
      <div className="combo-field">
        <input
          ref={field}
          id={id}
          className="input"
          role="combobox"
          aria-expanded={open}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={open && items.length > 0 ? active : undefined}
          aria-required={props.required || undefined}
          aria-invalid={props.invalid || undefined}
          aria-describedby={props.describedBy}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          dir="auto"
          value={text}
          placeholder={props.placeholder}
          onFocus={(event) => { setFocused(true); setClosed(props.chosen !== undefined); event.currentTarget.select() }}
          onBlur={() => setFocused(false)}
          onChange={(event) => { setClosed(false); props.onText(event.target.value) }}
          onClick={() => setClosed(false)}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing) return
            if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
              event.preventDefault()
              if (!open) setClosed(false)
              else list.current?.move(event.key === 'ArrowDown' ? 1 : -1)
            } else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
              if (props.onEnter?.()) event.preventDefault()
              else if (open && items.length > 0) {
                event.preventDefault()
                list.current?.press()
              }
            } else if (event.key === 'Escape') {
              if (open && !inline && !props.onEscape) {
                event.preventDefault()
                event.stopPropagation()
                setClosed(true)
              } else if (props.onEscape) {
                event.preventDefault()
                event.stopPropagation()
                props.onEscape()
              }
            }
          }}
        />
        {props.end}
      </div>
      {open ? (
        <div className="combo-pop" onMouseDown={(event) => !inline && event.preventDefault()}>
          {props.head}
          {items.length === 0 ? <div className="combo-empty" id={`${id}-list`} role="status">{props.empty}</div> : (
            <List key={text} id={`${id}-list`} led door={list} items={items} keyOf={props.keyOf} render={props.render} label={label} selected={props.chosen} onPick={pick} row={props.row ?? 'line-row'} onActive={setActive} />
          )}
        </div>
      ) : null}
    </div>
  )
}
