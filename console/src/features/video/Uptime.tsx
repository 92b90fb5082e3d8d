import { useQuery } from '@tanstack/react-query'
import { useCity } from '../../api/session'
import { nameIn } from '../../format'
import { useText } from '../../i18n'
import { byDistrict, shareText } from './districtUptime'
import { uptimeQuery } from './video.queries'

/** How much of the last day is on disk, by district; the worst first. */
export function Uptime() {
  const { t, language } = useText()
  const city = useCity()
  const { data } = useQuery(uptimeQuery)
  if (!data || data.share === null) return null
  const name = (id: string | null) => (id === null ? t('cameras.noDistrict') : nameIn(city.districts.find((one) => one.id === id)?.name ?? id, language, city.languages))
  return (
    <details className="uptime">
      <summary>{t('video.uptime')} <strong dir="ltr">{shareText(data.share, language)}</strong></summary>
      <table>
        <thead className="sr-only"><tr><th scope="col">{t('form.district')}</th><th scope="col">{t('cameras.title')}</th><th scope="col">{t('video.uptime')}</th></tr></thead>
        <tbody>
          {byDistrict(data.districts).map((one) => (
            <tr key={one.district ?? ''} className={one.share !== null && one.share < 0.99 ? 'is-poor' : ''}>
              <th scope="row"><bdi>{name(one.district)}</bdi></th>
              <td className="muted">{t('cameras.count', { count: one.cameras })}</td>
              <td dir="ltr">{one.share === null ? '–' : shareText(one.share, language)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}
