import { type PointerEvent, useRef } from 'react'

type Props = {
  label: string
  /** Width in px of the pane it sizes; null while it has the standard width. */
  value: number | null
  least: number
  most: number
  /** Which pane grows when it is drawn towards the end: the one before it, or the one after. */
  sizes: 'before' | 'after'
  onSize: (px: number | null) => void
}

const step = 16

/** The line between two panes: drawn by mouse or finger, moved by arrow keys; Enter or a double click gives the standard width back. */
export function Divider({ label, value, least, most, sizes, onSize }: Props) {
  const line = useRef<HTMLDivElement>(null)
  const start = useRef<{ x: number; width: number } | null>(null)
  const pane = () => (sizes === 'before' ? line.current?.previousElementSibling : line.current?.nextElementSibling)
  const width = () => Math.round(pane()?.getBoundingClientRect().width ?? least)
  const held = (px: number) => onSize(Math.round(Math.max(least, Math.min(most, px))))
  /** Along the line of reading, so that it mirrors with the language. */
  const grows = (px: number) => px * (getComputedStyle(line.current ?? document.body).direction === 'rtl' ? -1 : 1) * (sizes === 'before' ? 1 : -1)
  const moved = (event: PointerEvent) => {
    if (start.current) held(start.current.width + grows(event.clientX - start.current.x))
  }
  return (
    <div
      ref={line}
      className="divider"
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={value ?? Math.round((least + most) / 2)}
      aria-valuemin={least}
      aria-valuemax={most}
      tabIndex={0}
      onPointerDown={(event) => { event.currentTarget.setPointerCapture(event.pointerId); start.current = { x: event.clientX, width: width() } }}
      onPointerMove={moved}
      onPointerUp={() => { start.current = null }}
      onDoubleClick={() => onSize(null)}
      onKeyDown={(event) => {
        const by = { ArrowLeft: -step, ArrowRight: step }[event.key]
        if (by !== undefined) held(width() + grows(by))
        else if (event.key === 'Home') held(least)
        else if (event.key === 'End') held(most)
        else if (event.key === 'Enter') onSize(null)
        else return
        event.preventDefault()
      }}
    />
  )
}
