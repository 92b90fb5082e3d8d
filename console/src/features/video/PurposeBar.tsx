import { useText } from '../../i18n'
import { Icon } from '../../ui'
import type { usePurpose } from './usePurpose'

/** For what one looks. Without it no picture opens; with it each view is written down. */
export function PurposeBar({ of }: { of: ReturnType<typeof usePurpose> }) {
  const { t } = useText()
  return (
    <label className={`purpose-bar ${of.chosen.words === null ? 'is-missing' : ''}`}>
      <Icon name="key" />
      <span className="purpose-label">{t('video.purpose')}</span>
      <span className="select">
        <select value={of.value} onChange={(event) => { of.pick(event.target.value); event.target.blur() }} aria-label={t('video.purpose')}>
          <option value="">{t('video.noPurpose')}</option>
          {of.value.startsWith('case ') && !of.incidents.some((one) => `case ${one.id}` === of.value) ? <option value={of.value}>{t('video.incident')}</option> : null}
          {of.incidents.length > 0 ? <optgroup label={t('video.forIncident')}>{of.incidents.map((one) => <option key={one.id} value={`case ${one.id}`}>{one.words}</option>)}</optgroup> : null}
          {of.purposes.length > 0 ? <optgroup label={t('video.forPurpose')}>{of.purposes.map((one) => <option key={one.code} value={`purpose ${one.code}`}>{one.words}</option>)}</optgroup> : null}
        </select>
      </span>
    </label>
  )
}
