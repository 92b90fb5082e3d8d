import { useEffect, useState } from 'react'

/** Keeps the screen on while on duty; whether it does. Browsers take the lock away with the sight of the page, so it is asked for again. */
export function useWakeLock(on: boolean): boolean {
  const [held, setHeld] = useState(false)
  useEffect(() => {
    if (!on || !('wakeLock' in navigator)) return
    let lock: WakeLockSentinel | null = null
    let over = false
    const take = async () => {
      if (document.hidden || lock) return
      try {
        const taken = await navigator.wakeLock.request('screen')
        if (over) return void taken.release()
        lock = taken
        setHeld(true)
        taken.addEventListener('release', () => {
          lock = null
          setHeld(false)
        })
      } catch {
        // A battery that is nearly empty: the screen may go dark, and the page says so.
        setHeld(false)
      }
    }
    void take()
    const seen = () => void take()
    document.addEventListener('visibilitychange', seen)
    return () => {
      over = true
      document.removeEventListener('visibilitychange', seen)
      void lock?.release()
      setHeld(false)
    }
  }, [on])
  return held
}
