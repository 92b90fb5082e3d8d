import { useEffect, useRef, useState } from 'react'
import { Refused } from '../../api/http'
import type { Camera } from '../../api/types'
import { useText } from '../../i18n'
import { Icon } from '../../ui'
import { radio } from '../talk'
import { longestVideoMs, Whip } from './whip'

/** A short video, live to a camera of the city. It ends by itself, with the page, and when one presses. */
export function FieldVideo({ cameras, onClose }: { cameras: readonly Camera[]; onClose: () => void }) {
  const { t } = useText()
  const [camera, setCamera] = useState(cameras[0]?.id ?? '')
  const [state, setState] = useState<'idle' | 'starting' | 'live'>('idle')
  const [fault, setFault] = useState('')
  const view = useRef<HTMLVideoElement>(null)
  const running = useRef<Whip | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const stop = () => {
    clearTimeout(timer.current)
    running.current?.stop()
    running.current = null
    if (view.current) view.current.srcObject = null
    setState('idle')
  }
  useEffect(() => {
    const hidden = () => document.hidden && running.current && stop()
    document.addEventListener('visibilitychange', hidden)
    return () => {
      document.removeEventListener('visibilitychange', hidden)
      clearTimeout(timer.current)
      running.current?.stop()
    }
  }, [])
  const start = async () => {
    setFault('')
    setState('starting')
    radio.stop()
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1_280 }, height: { ideal: 720 }, frameRate: { max: 25 } }, audio: false })
      const whip = new Whip(stream, stop)
      running.current = whip
      if (view.current) view.current.srcObject = stream
      await whip.start(camera)
      setState('live')
      timer.current = setTimeout(stop, longestVideoMs)
    } catch (cause) {
      stop()
      setFault(cause instanceof Refused ? (cause.problem.detail ?? cause.problem.title) : cause instanceof DOMException ? t('field.noCamera') : String(cause))
    }
  }
  return (
    <section className="field-video" aria-label={t('field.video')}>
      <label className="select"><span className="sr-only">{t('field.videoTo')}</span><select value={camera} disabled={state !== 'idle'} onChange={(event) => setCamera(event.target.value)}>{cameras.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}</select></label>
      <video ref={view} autoPlay muted playsInline aria-label={t('field.preview')} />
      {fault ? <p className="field-error" role="alert"><Icon name="alert" /><bdi>{fault}</bdi></p> : null}
      <div className="field-sends">
        {state === 'idle' ? <button type="button" className="button" onClick={() => void start()}>{t('field.videoStart')}</button> : <button type="button" className="button" onClick={stop}>{t(state === 'live' ? 'field.videoStop' : 'states.sending')}</button>}
        <button type="button" className="button is-quiet" onClick={onClose}>{t('actions.close')}</button>
      </div>
    </section>
  )
}
