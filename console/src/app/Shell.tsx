import { Link, Outlet, useLocation, useNavigate, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useRights } from '../api/rights'
import { useCity, useSignedIn } from '../api/session'
import { onRefusedCommand, useCommand } from '../commands'
import { readWhere, type Where } from '../features/operations'
import { readVideoWhere, type VideoWhere } from '../features/cameras'
import { nameIn } from '../format'
import { useText } from '../i18n'
import { LiveLink } from '../live'
import { Icon, type IconName, tellRefusal, Toasts, undoLast } from '../ui'
import { CommandLine } from './CommandLine'
import { SeatPrompt } from './SeatPrompt'
import { CutOff, StatusBar } from './StatusBar'

// The menus' parts are many; the rest of the shell does not wait for them.
const AccountMenu = lazy(() => import('./AccountMenu').then((loaded) => ({ default: loaded.AccountMenu })))
const Settings = lazy(() => import('./Settings').then((loaded) => ({ default: loaded.Settings })))
const PasswordSheet = lazy(() => import('./PasswordSheet').then((loaded) => ({ default: loaded.PasswordSheet })))
const TalkStrip = lazy(() => import('../features/talk').then((loaded) => ({ default: loaded.TalkStrip })))
const AlarmBar = lazy(() => import('../features/talk').then((loaded) => ({ default: loaded.AlarmBar })))
const CallBar = lazy(() => import('../features/talk').then((loaded) => ({ default: loaded.CallBar })))
const DemoPanel = lazy(() => import('../features/demo').then((loaded) => ({ default: loaded.DemoPanel })))
const KeySheet = lazy(() => import('./Settings').then((loaded) => ({ default: loaded.KeySheet })))
onRefusedCommand(tellRefusal)

const rooms = [
  { to: '/', icon: 'operations', text: 'nav.operations', short: 'nav.operationsShort' },
  { to: '/video', icon: 'video', text: 'nav.video', short: 'nav.videoShort' },
  { to: '/talk', icon: 'talk', text: 'nav.talk', short: 'nav.talkShort' },
  { to: '/imports', icon: 'table', text: 'nav.imports', short: 'nav.importsShort' },
  { to: '/system', icon: 'system', text: 'nav.system', short: 'nav.systemShort' },
] as const satisfies { to: string; icon: IconName; text: string; short: string }[]

/** What stands around every screen. */
export function Shell() {
  const { t, language } = useText()
  const city = useCity()
  const session = useSignedIn()
  const { importData } = useRights()
  const navigate = useNavigate()
  const [sheet, setSheet] = useState<'settings' | 'keys' | 'password' | 'demo' | null>(null)
  const search = useSearch({ strict: false }) as Record<string, unknown>
  const [where, setWhere] = useState<Where>({})
  const room = useLocation().pathname
  const [videoWhere, setVideoWhere] = useState<VideoWhere>({})
  const here = room === '/' ? readWhere(search) : {}
  const inVideo = room === '/video' ? readVideoWhere(search) : {}
  if (Object.keys(inVideo).length > 0 && JSON.stringify(inVideo) !== JSON.stringify(videoWhere)) setVideoWhere(inVideo)
  // Who goes from an incident to the cameras looks for that incident.
  const toVideo: VideoWhere = room === '/' && where.incident ? { ...videoWhere, case: where.incident } : videoWhere
  // Coming back from another room, one finds Operations as it was.
  if (Object.keys(here).length > 0 && JSON.stringify(here) !== JSON.stringify(where)) setWhere(here)
  useCommand('goOperations', () => void navigate({ to: '/', search: where }))
  useCommand('goVideo', () => void navigate({ to: '/video', search: toVideo }))
  useCommand('goTalk', () => void navigate({ to: '/talk' }))
  useCommand('goImports', () => void navigate({ to: '/imports' }), importData)
  useCommand('goSystem', () => void navigate({ to: '/system' }))
  useCommand('keySheet', () => setSheet('keys'))
  useCommand('demoPanel', () => setSheet('demo'), city.demo)
  useCommand('undo', () => void undoLast())
  useCommand('nextPane', () => movePane(1))
  useCommand('previousPane', () => movePane(-1))
  return (
    <div className="shell">
      <LiveLink session={session} />
      <a className="skip" href="#main">{t('nav.skip')}</a>
      <aside className="shell-strips" aria-label={t('app.notices')}>
        {city.demo ? <div className="demo" role="note">{t('app.demo')} <span className="demo-more">{t('app.demoMore')}</span> <button type="button" className="link" onClick={() => setSheet('demo')}>{t('demo.open')}</button></div> : null}
        <CutOff />
        <Suspense><AlarmBar onShow={(alarm) => void navigate({ to: '/', search: { ...where, panel: 'emergency', group: alarm.group, participant: alarm.participant, view: 'detail' } })} /><CallBar /></Suspense>
        <SeatPrompt />
      </aside>
      <header className="top-bar">
        <img src="/icon.svg" alt="" width="20" height="20" />
        <b className="brand">{t('app.name')}</b>
        <span className="city-name" dir="auto">{nameIn(city.name, language, city.languages)}</span>
        <CommandLine />
        <Suspense fallback={<span className="account-button"><Icon name="person" /></span>}>
          <AccountMenu onSettings={() => setSheet('settings')} onKeys={() => setSheet('keys')} onPassword={() => setSheet('password')} />
        </Suspense>
      </header>
      <nav className="rail" aria-label={t('nav.label')}>
        {rooms.filter((one) => one.to !== '/imports' || importData).map((one) => (
          <Link key={one.to} className={`to-${one.icon}`} to={one.to} search={one.to === '/' ? where : one.to === '/video' ? toVideo : {}} aria-label={t(one.text)} activeOptions={{ exact: true, includeSearch: false }} activeProps={{ 'aria-current': 'page' }}>
            <Icon name={one.icon} /><span>{t(one.short)}</span>
          </Link>
        ))}
      </nav>
      <div className="screen"><Outlet /></div>
      <Suspense fallback={<div className="talk-strip" />}><TalkStrip /></Suspense>
      <StatusBar />
      <Toasts />
      <Suspense>
        {sheet === 'settings' ? <Settings open onClose={() => setSheet(null)} /> : null}
        {sheet === 'password' ? <PasswordSheet open onClose={() => setSheet(null)} /> : null}
        {sheet === 'demo' ? <DemoPanel onClose={() => setSheet(null)} /> : null}
        {sheet === 'keys' ? <KeySheet open onClose={() => setSheet(null)} /> : null}
      </Suspense>
    </div>
  )
}

/** F6 goes from pane to pane, as in other programs with panes. */
function movePane(by: number): void {
  const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')].filter((pane) => pane.offsetParent !== null)
  const at = panes.findIndex((pane) => pane.contains(document.activeElement))
  const pane = panes[(at + by + panes.length) % panes.length]
  const target = pane?.querySelector<HTMLElement>('[role=listbox], [tabindex="0"], input, textarea, button:not(:disabled), select, a[href]')
  target?.focus()
}
