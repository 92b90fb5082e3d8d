import { useQueryClient } from '@tanstack/react-query'
import { changeSession, sessionQuery, useCity, useSignedIn } from '../api/session'
import { nameIn } from '../format'
import { useText } from '../i18n'
import { perform } from '../ui'

/** Without a seat nothing that concerns persons is shown: asks for one where there is a choice. */
export function SeatPrompt() {
  const { t, language } = useText()
  const client = useQueryClient()
  const city = useCity()
  const session = useSignedIn()
  if (session.seat !== null || session.seats.length === 0) return null
  const take = (seat: string) =>
    void perform({
      done: t('account.changed'), failed: t('account.changeFailed'), quiet: true,
      send: () => changeSession({ seat }),
      settled: (answer) => {
        client.setQueryData(sessionQuery.queryKey, answer)
        void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'session' })
      },
    })
  return (
    <div className="strip" role="region" aria-label={t('account.seat')}>
      <span>{t('account.takeSeat')}</span>
      {session.seats.map((one) => <button key={one.id} type="button" className="button is-quiet" onClick={() => take(one.id)}>{nameIn(one.name, language, city.languages)}</button>)}
    </div>
  )
}
