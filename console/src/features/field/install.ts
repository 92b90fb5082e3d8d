import { useEffect, useState } from 'react'

type InstallPrompt = Event & { prompt: () => Promise<void> }

/** Makes this page an app that can be installed, and keeps its shell for a start without a line. Holds no data of the city. */
export function useInstallable(): (() => void) | null {
  const [prompt, setPrompt] = useState<InstallPrompt | null>(null)
  useEffect(() => {
    const manifest = document.createElement('link')
    manifest.rel = 'manifest'
    manifest.href = '/field.webmanifest'
    document.head.append(manifest)
    if ('serviceWorker' in navigator && import.meta.env.PROD) navigator.serviceWorker.register('/field-worker.js', { scope: '/field' }).catch(() => {})
    const offered = (event: Event) => {
      event.preventDefault()
      setPrompt(event as InstallPrompt)
    }
    const installed = () => setPrompt(null)
    addEventListener('beforeinstallprompt', offered)
    addEventListener('appinstalled', installed)
    return () => {
      manifest.remove()
      removeEventListener('beforeinstallprompt', offered)
      removeEventListener('appinstalled', installed)
    }
  }, [])
  return prompt && (() => void prompt.prompt().finally(() => setPrompt(null)))
}
