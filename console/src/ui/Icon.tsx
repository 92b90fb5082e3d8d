/** Line drawings on a 16 px grid. Signs of severity and state are not here: see Signs.tsx. */
const drawings = {
  operations: 'M8 1.5v3M8 11.5v3M1.5 8h3M11.5 8h3M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6',
  system: 'M1.5 8.5h3l2-5 3 9 2-4h3',
  person: 'M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6M2.5 14c.6-3 2.8-4.2 5.5-4.2s4.9 1.2 5.5 4.2',
  close: 'M4 4l8 8M12 4l-8 8',
  check: 'M3 8.5l3.3 3.3L13 5',
  alert: 'M8 2l6.5 11.5h-13zM8 6.5v3.2M8 11.6v.2',
  wait: 'M8 2a6 6 0 1 0 6 6M8 4.8V8l2.2 1.6',
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.3 10.3L14 14',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  fit: 'M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10',
  list: 'M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4h.1M2.5 8h.1M2.5 12h.1',
  map: 'M2 4l4-1.5 4 1.5 4-1.5V12l-4 1.5L6 12l-4 1.5zM6 2.5V12M10 4v9.5',
  detail: 'M2.5 2.5h11v11h-11zM9.5 2.5v11',
  pin: 'M8 14.5S3.2 9.8 3.2 6.4a4.8 4.8 0 0 1 9.6 0C12.8 9.8 8 14.5 8 14.5M8 5a1.6 1.6 0 1 0 0 3.2A1.6 1.6 0 0 0 8 5',
  phone: 'M3 2.5h2.6l1.2 3-1.6 1.3a8.5 8.5 0 0 0 4 4l1.3-1.6 3 1.2V13c0 .8-.7 1.5-1.5 1.4C6.6 14 2 9.4 1.6 4 1.5 3.2 2.2 2.5 3 2.5',
  go: 'M6 4l4 4-4 4',
  key: 'M5.5 6.5a3 3 0 1 0 0 3h3.2l1.3 1.3 1.3-1.3 1.3 1.3 1.4-1.5-1.3-1.8z',
  video: 'M2 4.500h8v7H2zM10 7.200l4-2v5.600l-4-2',
  down: 'M4 6l4 4 4-4',
  sound: 'M2.500 6v4H5l3.500 3V3L5 6zM11 5.500a3.500 3.500 0 0 1 0 5M13 3.500a6.500 6.500 0 0 1 0 9',
  save: 'M8 2.500v7M5 6.800l3 3 3-3M2.500 12.500h11',
  play: 'M5 3l8 5-8 5z',
  pause: 'M5 3v10M11 3v10',
  table: 'M2.5 3h11v10h-11zM2.5 6.300h11M2.5 9.600h11M6.500 3v10',
  back: 'M8 3.500L3.500 8 8 12.500M12.500 3.500L8 8l4.500 4.500',
  on: 'M8 3.500L12.500 8 8 12.500M3.500 3.500L8 8l-4.500 4.500',
  demo: 'M3 2.500h10v4c0 4-2 6-5 7-3-1-5-3-5-7zM6 6.500h.1M10 6.500h.1M6 9.500c1.300 1 2.700 1 4 0',
} as const

export type IconName = keyof typeof drawings

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={drawings[name]} />
    </svg>
  )
}
