import { useQuery } from '@tanstack/react-query'
import type { Point } from 'geojson'
import { useCity } from '../../api/session'
import { distance, nameIn, roughly } from '../../format'
import { useText } from '../../i18n'
import { cityNow } from '../../live'
import { Icon, SeveritySign } from '../../ui'
import { duplicatesQuery } from './dispatch.queries'

/** Says while a call is taken that it may be known already: open incidents near it, to look at. */
export function KnownAlready({ place, type, onOpen }: { place: Point | null; type: string; onOpen: (incident: string) => void }) {
  const { t, language } = useText()
  const city = useCity()
  const found = useQuery(duplicatesQuery(place, type)).data ?? []
  if (place === null || found.length === 0) return null
  return (
    <section className="known" role="status" aria-label={t('form.known')}>
      <p><Icon name="alert" />{t('form.known')}</p>
      <ul>
        {found.slice(0, 4).map((one) => (
          <li key={one.incident} className="unit-line">
            <SeveritySign level={one.priority} />
            <button type="button" className="link one-line" dir="auto" onClick={() => onOpen(one.incident)}>
              {nameIn(city.incidentTypes.find((held) => held.code === one.type)?.name ?? one.type, language, city.languages)} <bdi>{one.number}</bdi>
            </button>
            <span className="muted is-end">{t('form.knownHow', { distance: distance(one.metres, language), ago: roughly(cityNow() - Date.parse(one.openedAt), language), units: one.units })}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
