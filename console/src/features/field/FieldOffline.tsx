import './field.css'
import { useText } from '../../i18n'
import { Icon } from '../../ui'
import { useOutbox } from '../talk'

/** The app was opened without a line: says so, and that nothing is lost. */
export function FieldOffline({ retry }: { retry: () => void }) {
  const { t } = useText()
  const waiting = useOutbox().length
  return (
    <main className="field-choose" id="main">
      <h1><Icon name="alert" /> {t('field.offline')}</h1>
      <p>{t('field.offlineHint')}</p>
      <p>{t('field.outbox', { count: waiting })}</p>
      <button type="button" className="button is-big" onClick={retry}>{t('actions.retryNow')}</button>
    </main>
  )
}
