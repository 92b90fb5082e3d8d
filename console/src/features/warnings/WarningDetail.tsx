import { useQuery } from '@tanstack/react-query'
import { useCity } from '../../api/session'
import type { Warning } from '../../api/types'
import { useCommand } from '../../commands'
import { dayAndClock } from '../../format'
import { useText } from '../../i18n'
import { Failure, Icon, SeveritySign, Skeleton, warningLevels } from '../../ui'
import { areaNames, notReal, unwrapped } from './warning'
import { Expiry, Unreal } from './WarningPanel'
import { activeWarningsQuery, warningQuery } from './warnings.queries'

/** One warning in full, in the words of its sender, in the reader's language where the sender gave it. */
export function WarningDetail({ id, onClose, onShow }: { id: string; onClose: () => void; onShow: (warning: Warning) => void }) {
  const { t } = useText()
  const listed = useQuery(activeWarningsQuery).data?.find((one) => one.id === id)
  const full = useQuery(warningQuery(id))
  const warning = full.data ?? listed
  useCommand('back', onClose)
  return (
    <article className="panel warning-detail" aria-label={t('warnings.one')}>
      <header className="pane-head">
        <button type="button" className="link" onClick={onClose}>{t('warnings.back')}</button>
        <button type="button" className="button is-bare is-end" aria-label={t('actions.close')} onClick={onClose}><Icon name="close" /></button>
      </header>
      {warning ? <Told warning={warning} onShow={onShow} /> : full.isPending ? <Skeleton /> : <Failure title={t('warnings.failed')} error={full.error} retry={() => void full.refetch()} />}
    </article>
  )
}

function Told({ warning, onShow }: { warning: Warning; onShow: (warning: Warning) => void }) {
  const { t, language } = useText()
  const city = useCity()
  const info = warning.infos?.find((one) => one.language?.split('-')[0]?.toLowerCase() === language.split('-')[0])
  const text = { ...warning, ...Object.fromEntries(Object.entries(info ?? {}).filter(([, value]) => value)) }
  const at = (moment: string) => dayAndClock(moment, language, city.timeZone)
  const outlined = warning.areas.some((area) => area.polygon)
  const facts: [string, string | null | undefined][] = [
    [t('warnings.urgency'), warning.urgency],
    [t('warnings.certainty'), warning.certainty],
    [t('warnings.sent'), at(warning.sent)],
    [t('warnings.onset'), warning.onset ? at(warning.onset) : null],
    [t('warnings.expires'), warning.expires ? `${at(warning.expires)}${warning.expiresAssumed ? ` (${t('warnings.assumed')})` : ''}` : null],
    [t('warnings.sender'), warning.sender],
    [t('warnings.identifier'), warning.identifier],
  ]
  return (
    <div className="warning-body">
      <h2 dir="auto"><Unreal warning={warning} /> {text.event}</h2>
      <p className="chips">
        {notReal(warning) ? <span className="chip">{t(`warnings.severity.${warning.severity}`)}</span> : <span className="chip"><SeveritySign level={warningLevels[warning.severity]} word name={t(`warnings.severity.${warning.severity}`)} /></span>}
        <span className="chip"><Expiry warning={warning} /></span>
      </p>
      {notReal(warning) ? <p className="unreal-note">{t('warnings.unrealNote')}</p> : null}
      {text.headline ? <p className="headline" dir="auto">{text.headline}</p> : null}
      {text.instruction ? <section><h3>{t('warnings.instruction')}</h3><p className="told" dir="auto">{unwrapped(text.instruction)}</p></section> : null}
      {text.description ? <section><h3>{t('warnings.description')}</h3><p className="told" dir="auto">{unwrapped(text.description)}</p></section> : null}
      <section>
        <h3>{t('warnings.areas')}</h3>
        <p dir="auto">{areaNames(warning).join(' · ') || t('warnings.noArea')}</p>
        {outlined ? <button type="button" className="button is-quiet" onClick={() => onShow(warning)}>{t('warnings.show')}</button> : <p className="muted">{t('warnings.noOutline')}</p>}
      </section>
      <dl className="facts">
        {facts.map(([name, value]) => (value ? <div key={name}><dt>{name}</dt><dd><bdi>{value}</bdi></dd></div> : null))}
      </dl>
      <a className="link" href={`/api/warnings/${encodeURIComponent(warning.id)}/cap`} target="_blank" rel="noreferrer">{t('warnings.source')}</a>
    </div>
  )
}
