import { useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { NoAnswer, Refused } from '../api/http'
import { changePassword, sessionQuery, useSignedIn } from '../api/session'
import { useText } from '../i18n'
import { showToast } from '../ui'
import { Sheet } from '../ui/Sheet'

/** A password of one's own choice. */
export function PasswordSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useText()
  const client = useQueryClient()
  const session = useSignedIn()
  const id = useId()
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)

  const told = (problem: unknown): string => {
    if (problem instanceof NoAnswer) return t('actions.noAnswer')
    if (!(problem instanceof Refused)) return t('account.passwordFailed')
    if (problem.problem.type === '/problems/wrong-password') return t('account.passwordWrong')
    return [problem.problem.detail ?? problem.problem.title, problem.problem.remedy].filter(Boolean).join(' ')
  }
  const send = async (form: FormData) => {
    const wanted = String(form.get('new'))
    if (wanted !== String(form.get('again'))) return setFailure(t('account.passwordDiffers'))
    setBusy(true)
    setFailure(null)
    try {
      client.setQueryData(sessionQuery.queryKey, await changePassword(String(form.get('current')), wanted))
      showToast({ tone: 'done', text: t('account.passwordChanged'), actions: [] }, 5_000)
      onClose()
    } catch (problem) {
      setFailure(told(problem))
      setBusy(false)
    }
  }
  return (
    <Sheet title={t('account.password')} open={open} onClose={onClose}>
      <form className="settings" onSubmit={(event) => { event.preventDefault(); void send(new FormData(event.currentTarget)) }}>
        <input type="hidden" name="username" autoComplete="username" value={session.person.username} readOnly />
        <label><span className="label">{t('account.currentPassword')}</span><input className="input" name="current" type="password" autoComplete="current-password" required autoFocus dir="ltr" /></label>
        <label><span className="label">{t('account.newPassword')}</span><input className="input" name="new" type="password" autoComplete="new-password" required minLength={10} dir="ltr" aria-describedby={`${id}-rule`} /></label>
        <label><span className="label">{t('account.newPasswordAgain')}</span><input className="input" name="again" type="password" autoComplete="new-password" required dir="ltr" /></label>
        <p className="muted" id={`${id}-rule`}>{t('account.passwordRule')}</p>
        <p className="field-error" role="alert">{failure}</p>
        <button type="submit" className="button" disabled={busy}>{t('account.savePassword')}</button>
      </form>
    </Sheet>
  )
}
