import type { CameraSigns } from './camera'

/** A camera's state by shape and colour: a full dot, a ring, a broken ring, a triangle, a cross. The word stands beside it. */
export function CameraSign({ sign }: { sign: CameraSigns }) {
  return (
    <svg className={`camera-sign is-${sign}`} viewBox="0 0 14 14" aria-hidden="true">
      {sign === 'recording' ? <circle cx="7" cy="7" r="5" className="full" /> : null}
      {sign === 'live' ? <circle cx="7" cy="7" r="4.5" /> : null}
      {sign === 'connecting' ? <circle cx="7" cy="7" r="4.5" strokeDasharray="3 2.6" /> : null}
      {sign === 'lost' ? <path d="M7 1l6.5 11.500H.5z" className="full" /> : null}
      {sign === 'off' ? <path d="M3 3l8 8M11 3l-8 8" /> : null}
    </svg>
  )
}
