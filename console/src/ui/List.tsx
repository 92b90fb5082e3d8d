import { type KeyboardEvent, type ReactNode, type Ref, useEffect, useId, useImperativeHandle, useLayoutEffect, useRef, useState } from 'react'

export type ListDoor = { focus: () => void; move: (by: number) => void; press: () => void }

type Props<T> = {
  items: readonly T[]
  keyOf: (item: T) => string
  render: (item: T) => ReactNode
  label: string
  selected?: string | null | undefined
  onPick: (item: T) => void
  rowClass?: (item: T) => string
  /** CSS length token that gives each row's height: rows are as high as each other, so that only those in view are drawn. */
  row?: 'row' | 'line-row'
  id?: string
  /** The list follows an input that keeps the focus. */
  led?: boolean
  door?: Ref<ListDoor>
  onActive?: (id: string | undefined) => void
}

const spare = 6

/** A list box that draws only the rows in view: arrows, Home, End, Page keys, Enter; one tab stop. */
export function List<T>({ items, keyOf, render, label, selected, onPick, rowClass, row = 'row', id, led = false, door, onActive }: Props<T>) {
  const ownId = useId()
  const listId = id ?? ownId
  const frame = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState<string | null>(null)
  const [view, setView] = useState({ top: 0, height: 600, row: 50 })
  const found = items.findIndex((item) => keyOf(item) === (active ?? selected))
  const index = found >= 0 ? found : led ? 0 : -1

  useLayoutEffect(() => {
    const element = frame.current
    if (!element) return
    const measure = () => {
      const height = Number.parseFloat(getComputedStyle(element).getPropertyValue(`--${row}`)) || 50
      setView((old) => (old.height === element.clientHeight && old.row === height ? old : { ...old, height: element.clientHeight, row: height }))
    }
    measure()
    const size = new ResizeObserver(measure)
    size.observe(element)
    const density = new MutationObserver(measure)
    density.observe(document.documentElement, { attributeFilter: ['data-density'] })
    return () => {
      size.disconnect()
      density.disconnect()
    }
  }, [row])

  const activeItem = items[index]
  const optionId = (item: T) => `${listId}-${keyOf(item).replaceAll(/[^\w-]/g, '_')}`
  const activeId = activeItem === undefined ? undefined : optionId(activeItem)
  useEffect(() => onActive?.(activeId), [activeId, onActive])

  const go = (to: number) => {
    const next = Math.max(0, Math.min(items.length - 1, to))
    const item = items[next]
    if (item === undefined) return
    setActive(keyOf(item))
    const element = frame.current
    if (!element) return
    const top = next * view.row
    if (top < element.scrollTop) element.scrollTop = top
    else if (top + view.row > element.scrollTop + element.clientHeight) element.scrollTop = top + view.row - element.clientHeight
  }
  const pick = (item: T) => {
    setActive(keyOf(item))
    onPick(item)
  }
  useImperativeHandle(door, () => ({
    focus: () => frame.current?.focus(),
    move: (by) => go(index + by),
    press: () => activeItem !== undefined && pick(activeItem),
  }))

  const pressed = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(view.height / view.row) - 1)
    const steps: Record<string, number> = {
      ArrowDown: index + 1, j: index + 1, ArrowUp: index - 1, k: index - 1,
      Home: 0, End: items.length - 1, PageDown: index + page, PageUp: index - page,
    }
    const to = steps[event.key]
    if (event.ctrlKey || event.altKey || event.metaKey) return
    if (to !== undefined) {
      event.preventDefault()
      go(to)
    } else if ((event.key === 'Enter' || event.key === ' ') && activeItem !== undefined) {
      event.preventDefault()
      pick(activeItem)
    }
  }

  const from = Math.max(0, Math.floor(view.top / view.row) - spare)
  const to = Math.min(items.length, Math.ceil((view.top + view.height) / view.row) + spare)
  const drawn = items.slice(from, to).map((item, offset) => ({ item, at: from + offset }))
  if (activeItem !== undefined && (index < from || index >= to)) drawn.push({ item: activeItem, at: index })
  return (
    <div
      ref={frame}
      id={listId}
      className="list"
      role="listbox"
      aria-label={label}
      tabIndex={led ? -1 : 0}
      aria-activedescendant={led ? undefined : activeId}
      onKeyDown={led ? undefined : pressed}
      onFocus={() => !led && index < 0 && go(0)}
      onScroll={(event) => setView({ ...view, top: event.currentTarget.scrollTop })}
    >
      <div className="list-all" role="presentation" style={{ height: items.length * view.row }}>
        {drawn.map(({ item, at }) => (
          <div
            key={keyOf(item)}
            id={optionId(item)}
            role="option"
            aria-selected={keyOf(item) === selected}
            aria-setsize={items.length}
            aria-posinset={at + 1}
            className={`list-row ${at === index ? 'is-active' : ''} ${keyOf(item) === selected ? 'is-selected' : ''} ${rowClass?.(item) ?? ''}`}
            style={{ top: at * view.row, height: view.row }}
            onMouseDown={(event) => led && event.preventDefault()}
            onClick={() => pick(item)}
          >
            {render(item)}
          </div>
        ))}
      </div>
    </div>
  )
}
