import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query'
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, redirect, RouterProvider, useLocation } from '@tanstack/react-router'
import { lazy, Suspense, useEffect } from 'react'
import { I18nProvider } from 'react-aria-components'
import { onSignedOut, Refused } from '../api/http'
import { cityQuery, sessionQuery } from '../api/session'
import { listenForKeys, usePreferences } from '../commands'
import { OperationsScreen, readWhere } from '../features/operations'
import { readVideoWhere } from '../features/cameras'
import { SignInScreen } from '../features/signin'
import { useText } from '../i18n'
import { Failure, Notice } from '../ui'
import { Shell } from './Shell'

const client = new QueryClient({
  defaultOptions: {
    queries: {
      refetchOnWindowFocus: false,
      retry: (count, problem) => !(problem instanceof Refused && problem.problem.status < 500) && count < 3,
      retryDelay: (attempt) => Math.min(1_000 * 2 ** attempt, 10_000),
      networkMode: 'always',
    },
  },
})
onSignedOut(() => void client.invalidateQueries({ queryKey: sessionQuery.queryKey }))

const FieldOffline = lazy(() => import('../features/field').then((loaded) => ({ default: loaded.FieldOffline })))

/** Nothing but the sign-in is shown until a person is signed in; the address stays, so that one comes back to the same place. */
function Gate() {
  const { t } = useText()
  const inField = useLocation().pathname === '/field'
  const session = useQuery(sessionQuery)
  const city = useQuery({ ...cityQuery, enabled: session.data?.signedIn === true })
  if (inField && ((session.isError && !session.data) || (city.isError && !city.data))) return <Suspense><FieldOffline retry={() => void (session.data ? city : session).refetch()} /></Suspense>
  if (session.isError && !session.data) return <div className="page"><Failure title={t('states.noServer')} error={session.error} retry={() => void session.refetch()} /></div>
  if (session.isPending) return <div className="page" role="status" aria-label={t('states.loading')} />
  if (!session.data?.signedIn) return <SignInScreen />
  if (city.isError && !city.data) return <div className="page"><Failure title={t('states.noCity')} error={city.error} retry={() => void city.refetch()} /></div>
  if (!city.data) return <div className="page" role="status" aria-label={t('states.loading')} />
  // The phone's page has a frame of its own.
  return inField ? <Suspense fallback={<div className="page" role="status" aria-label={t('states.loading')} />}><Outlet /></Suspense> : <Shell />
}

function NotFound() {
  const { t } = useText()
  return <main className="page" id="main"><Notice icon="search" title={t('states.noPage')}><a className="link" href="/">{t('nav.operations')}</a></Notice></main>
}

const root = createRootRoute({ component: Gate, notFoundComponent: NotFound })
const operations = createRoute({ getParentRoute: () => root, path: '/', component: OperationsScreen, validateSearch: readWhere })
const system = createRoute({ getParentRoute: () => root, path: '/system', component: lazyRouteComponent(() => import('../features/system'), 'SystemScreen') })
const video = createRoute({ getParentRoute: () => root, path: '/video', component: lazyRouteComponent(() => import('../features/video'), 'VideoScreen'), validateSearch: readVideoWhere })
const talk = createRoute({ getParentRoute: () => root, path: '/talk', component: lazyRouteComponent(() => import('../features/talk'), 'TalkScreen') })
const field = createRoute({ getParentRoute: () => root, path: '/field', component: lazyRouteComponent(() => import('../features/field'), 'FieldScreen') })
const imports = createRoute({
  getParentRoute: () => root, path: '/imports', component: lazyRouteComponent(() => import('../features/imports'), 'ImportsScreen'),
  validateSearch: (search: Record<string, unknown>): { run?: string } => (typeof search.run === 'string' && search.run !== '' ? { run: search.run } : {}),
})
const signin = createRoute({
  getParentRoute: () => root, path: '/signin', component: Outlet,
  beforeLoad: () => { throw redirect({ to: '/' }) },
})
const router = createRouter({ routeTree: root.addChildren([operations, video, talk, field, imports, system, signin]), defaultPreload: false })

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

export function App() {
  const { language } = useText()
  const { theme, density } = usePreferences()
  useEffect(() => {
    Object.assign(document.documentElement.dataset, { theme, density })
  }, [theme, density])
  useEffect(() => listenForKeys(), [])
  return (
    <QueryClientProvider client={client}>
      <I18nProvider locale={language}>
        <RouterProvider router={router} />
      </I18nProvider>
    </QueryClientProvider>
  )
}
