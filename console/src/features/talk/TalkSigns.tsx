import { useText } from '../../i18n'
import { Icon } from '../../ui'

/** Stands wherever a recorded group is shown: nobody is recorded without seeing it. */
export function RecordedSign({ words = false }: { words?: boolean }) {
  const { t } = useText()
  return (
    <span className="recorded-sign" title={t('talk.recorded')}>
      <svg viewBox="0 0 10 10" aria-hidden="true"><circle cx="5" cy="5" r="4" /></svg>
      <span className={words ? undefined : 'recorded-short'} aria-hidden={words ? undefined : true}>{words ? t('talk.recorded') : t('talk.recordedShort')}</span>
      {words ? null : <span className="sr-only">{t('talk.recorded')}</span>}
    </span>
  )
}

/** Bars that say that somebody is heard. They stand still for who wants no motion. */
export function VoiceSign({ on }: { on: boolean }) {
  return (
    <span className={`voice-sign ${on ? 'is-on' : ''}`} aria-hidden="true"><i /><i /><i /><i /></span>
  )
}

export function AlarmSign() {
  const { t } = useText()
  return <span className="alarm-sign"><Icon name="alert" /><span className="sr-only">{t('talk.emergency')}</span></span>
}
