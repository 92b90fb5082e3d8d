import { useQueryClient } from '@tanstack/react-query'
import { useId, useRef, useState } from 'react'
import { onward } from '../../api/onward'
import { NoAnswer, Refused } from '../../api/http'
import { passkeysWork, signInWithPasskey } from '../../api/passkeys'
import { sessionQuery, signIn } from '../../api/session'
import { type Language, languages, prefer, usePreferences } from '../../commands'
import { roughly } from '../../format'
import { useText } from '../../i18n'
import { Icon } from '../../ui'

/** Signs in by password or passkey. Says why it did not work, and when to try again. */
export function SignInScreen() {
  const { t, language } = useText()
  const client = useQueryClient()
  const preferences = usePreferences()
  const id = useId()
  const password = useRef<HTMLInputElement>(null)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)

  const told = (problem: unknown): string => {
    if (problem instanceof NoAnswer) return t('actions.noAnswer')
    if (problem instanceof Refused) {
      if (problem.problem.status === 429) return t('signin.throttled', { time: roughly((problem.retryAfterSeconds ?? 60) * 1000, language) })
      if (problem.problem.status === 401) return t('signin.refused')
      return [problem.problem.detail ?? problem.problem.title, problem.problem.remedy].filter(Boolean).join(' ')
    }
    if (problem instanceof DOMException && problem.name === 'NotAllowedError') return t('signin.passkeyCancelled')
    return t('signin.passkeyFailed')
  }
  const attempt = async (work: () => Promise<unknown>) => {
    setBusy(true)
    setFailure(null)
    try {
      await work()
      // An app sent its person here: back to it.
      if (onward !== null) return location.assign(onward)
      await client.invalidateQueries({ queryKey: sessionQuery.queryKey })
    } catch (problem) {
      setFailure(told(problem))
      setBusy(false)
      password.current?.select()
    }
  }

  return (
    <main className="signin" id="main">
      <form
        className="signin-card"
        aria-labelledby={`${id}-title`}
        onSubmit={(event) => {
          event.preventDefault()
          const form = new FormData(event.currentTarget)
          void attempt(() => signIn(String(form.get('username')), String(form.get('password'))))
        }}
      >
        <div className="signin-brand"><img src="/icon.svg" alt="" width="36" height="36" /><div><h1 id={`${id}-title`}>{t('app.name')}</h1><p>{t('signin.tagline')}</p></div></div>
        <label><span className="label">{t('signin.username')}</span><input className="input" name="username" autoComplete="username webauthn" autoCapitalize="off" spellCheck={false} required autoFocus dir="ltr" /></label>
        <label><span className="label">{t('signin.password')}</span><input ref={password} className="input" name="password" type="password" autoComplete="current-password" required dir="ltr" aria-describedby={failure ? `${id}-failure` : undefined} /></label>
        <p className="field-error" id={`${id}-failure`} role="alert">{failure ? <><Icon name="alert" />{failure}</> : null}</p>
        <button type="submit" className="button is-big" disabled={busy}>{busy ? t('signin.busy') : t('signin.action')}</button>
        {passkeysWork() ? (
          <>
            <div className="or"><span>{t('signin.or')}</span></div>
            <button type="button" className="button is-quiet is-big" disabled={busy} onClick={() => void attempt(signInWithPasskey)}><Icon name="key" />{t('signin.passkey')}</button>
          </>
        ) : null}
      </form>
      <footer className="signin-foot">
        <p>{t('signin.notice')}</p>
        <label className="select"><span className="sr-only">{t('settings.language')}</span>
          <select value={preferences.language} onChange={(event) => prefer({ language: event.target.value as Language })}>
            {languages.map((one) => <option key={one} value={one} lang={one}>{t(`languages.${one}`)}</option>)}
          </select>
        </label>
      </footer>
    </main>
  )
}
