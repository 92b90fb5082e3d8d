import { useText } from '../i18n'
import { dropToast, useToasts } from './toasts'
import { Icon } from './Icon'
import { Keys } from './Keys'

export function Toasts() {
  const { t } = useText()
  const toasts = useToasts()
  return (
    <section className="toasts" aria-label={t('toasts.label')}>
      <div aria-live="polite" aria-relevant="additions text">
        {toasts.map((toast) => (
          <div key={toast.id} className={`toast is-${toast.tone}`} role={toast.tone === 'failed' ? 'alert' : undefined}>
            <Icon name={toast.tone === 'failed' ? 'alert' : toast.tone === 'busy' ? 'wait' : 'check'} />
            <div className="toast-text">
              <strong>{toast.text}</strong>
              {toast.detail ? <span dir="auto">{toast.detail}</span> : null}
              {toast.remedy ? <span className="remedy" dir="auto">{toast.remedy}</span> : null}
            </div>
            {toast.actions.map((action) => (
              <button key={action.label} type="button" className="button is-quiet" onClick={() => { dropToast(toast.id); action.run() }}>
                {action.label}
                {action.command ? <Keys command={action.command} /> : null}
              </button>
            ))}
            <button type="button" className="button is-bare" aria-label={t('toasts.dismiss')} onClick={() => dropToast(toast.id)}>
              <Icon name="close" />
            </button>
          </div>
        ))}
      </div>
    </section>
  )
}
