import { useQueryClient } from '@tanstack/react-query'
import { Button, Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover } from 'react-aria-components'
import { registerPasskey, passkeysWork } from '../api/passkeys'
import { changeSession, sessionQuery, signOut, useCity, useSignedIn } from '../api/session'
import { nameIn } from '../format'
import { useText } from '../i18n'
import { endLink } from '../live'
import { Icon, perform, showToast } from '../ui'

type Props = { onSettings: () => void; onKeys: () => void; onPassword: () => void }

/** Who one is, for whom one acts and from which seat; settings; the way out. */
export function AccountMenu({ onSettings, onKeys, onPassword }: Props) {
  const { t, language } = useText()
  const client = useQueryClient()
  const city = useCity()
  const session = useSignedIn()
  const name = (names: Parameters<typeof nameIn>[0]) => nameIn(names, language, city.languages)

  const change = (wanted: { organisation?: string; seat?: string }) =>
    void perform({
      done: t('account.changed'), failed: t('account.changeFailed'), quiet: true,
      send: () => changeSession(wanted),
      settled: (answer) => {
        client.setQueryData(sessionQuery.queryKey, answer)
        void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'session' })
      },
    })
  const addPasskey = async () => {
    try {
      await registerPasskey(`${navigator.platform} ${new Date().toISOString().slice(0, 10)}`)
      showToast({ tone: 'done', text: t('account.passkeyAdded'), actions: [] }, 5_000)
      void client.invalidateQueries({ queryKey: sessionQuery.queryKey })
    } catch (problem) {
      const cancelled = problem instanceof DOMException && problem.name === 'NotAllowedError'
      showToast({ tone: 'failed', text: t('account.passkeyFailed'), detail: cancelled ? t('signin.passkeyCancelled') : problem instanceof Error ? problem.message : undefined, actions: [] }, null)
    }
  }
  const leave = () =>
    void perform({
      done: '', failed: t('account.signOutFailed'), quiet: true,
      send: () => signOut(),
      settled: () => {
        endLink()
        // An answer still on its way would sign in again what has just signed out.
        void client.cancelQueries({ queryKey: sessionQuery.queryKey })
        // First the screen, then what it showed: a list still there would ask again.
        client.setQueryData(sessionQuery.queryKey, { signedIn: false, csrf: '' })
        setTimeout(() => {
          client.removeQueries({ predicate: (query) => query.queryKey[0] !== 'session' && query.queryKey[0] !== 'city' })
          void client.invalidateQueries({ queryKey: sessionQuery.queryKey })
        })
      },
    })
  const choose = (key: string) => {
    const [kind, id = ''] = [key.slice(0, key.indexOf(' ')), key.slice(key.indexOf(' ') + 1)]
    if (kind === 'seat') change({ seat: id })
    else if (kind === 'organisation') change({ organisation: id })
    else if (id === 'settings') onSettings()
    else if (id === 'keys') onKeys()
    else if (id === 'password') onPassword()
    else if (id === 'passkey') void addPasskey()
    else leave()
  }
  return (
    <MenuTrigger>
      <Button className="account-button">
        <Icon name="person" />
        <span className="account-name"><bdi>{session.seat ? name(session.seat.name) : session.person.name}</bdi><span className="muted"> · <bdi>{name(session.organisation.name)}</bdi></span></span>
        <span className="sr-only">{t('account.menu')}</span>
      </Button>
      <Popover className="menu-pop" placement="bottom end">
        <Menu className="menu" onAction={(key) => choose(String(key))} aria-label={t('account.menu')}>
          <MenuSection>
            <Header><bdi>{session.person.name}</bdi> · <bdi>{session.person.username}</bdi></Header>
          </MenuSection>
          {session.seats.length > 0 ? (
            <MenuSection><Header>{t('account.seat')}</Header>
              {session.seats.map((one) => <MenuItem key={one.id} id={`seat ${one.id}`} textValue={name(one.name)} className={`menu-item ${session.seat?.id === one.id ? 'is-on' : ''}`}><bdi>{name(one.name)}</bdi>{session.seat?.id === one.id ? <Icon name="check" /> : null}</MenuItem>)}
            </MenuSection>
          ) : null}
          {session.organisations.length > 1 ? (
            <MenuSection><Header>{t('account.organisation')}</Header>
              {session.organisations.map((one) => <MenuItem key={one.id} id={`organisation ${one.id}`} textValue={name(one.name)} className={`menu-item ${session.organisation.id === one.id ? 'is-on' : ''}`}><bdi>{name(one.name)}</bdi>{session.organisation.id === one.id ? <Icon name="check" /> : null}</MenuItem>)}
            </MenuSection>
          ) : null}
          <MenuSection><Header>{t('account.yours')}</Header>
            <MenuItem id="do settings" className="menu-item">{t('settings.title')}</MenuItem>
            <MenuItem id="do keys" className="menu-item">{t('keys.title')}</MenuItem>
            <MenuItem id="do password" className="menu-item">{t('account.password')}</MenuItem>
            {passkeysWork() ? <MenuItem id="do passkey" className="menu-item">{t('account.addPasskey', { count: session.passkeys })}</MenuItem> : null}
            <MenuItem id="do leave" className="menu-item">{t('account.signOut')}</MenuItem>
          </MenuSection>
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
