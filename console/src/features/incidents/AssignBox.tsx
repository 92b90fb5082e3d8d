import { useState } from 'react'
import { useCity } from '../../api/session'
import type { Incident, Unit } from '../../api/types'
import { distance, nameIn } from '../../format'
import { useText } from '../../i18n'
import { Combo, StateSign } from '../../ui'
import { candidates } from './incident'

type Props = { incident: Incident; units: readonly Unit[]; onAssign: (unit: Unit) => void; onClose: () => void }

/** Sends units: nearest first, type to narrow, Enter assigns and waits for the next. */
export function AssignBox({ incident, units, onAssign, onClose }: Props) {
  const { t, language } = useText()
  const city = useCity()
  const [text, setText] = useState('')
  const wanted = city.incidentTypes.find((one) => one.code === incident.type)?.unitKinds ?? []
  const found = candidates(units, incident, wanted, text)
  const kindName = (code: string) => nameIn(city.unitKinds.find((one) => one.code === code)?.name ?? code, language, city.languages)
  const statusName = (unit: Unit) => nameIn(city.unitStatuses.find((one) => one.code === unit.status.code)?.name ?? unit.status.code, language, city.languages)
  return (
    <div className="assign-box">
      <Combo
        label={t('assign.label', { incident: incident.number })}
        text={text}
        onText={setText}
        items={found.slice(0, 200)}
        keyOf={(one) => one.unit.id}
        placeholder={t('assign.placeholder')}
        inline
        autoFocus
        onEscape={onClose}
        onPick={(one) => { setText(''); onAssign(one.unit) }}
        empty={units.length === 0 ? t('units.none') : text === '' ? t('assign.noneFree') : t('assign.noMatch')}
        end={<button type="button" className="button is-bare" onClick={onClose}>{t('actions.finish')}</button>}
        render={({ unit, metres, fits }) => (
          <span className="unit-line">
            <StateSign state={unit.status.state} />
            <bdi className="call-sign">{unit.callSign}</bdi>
            <span className={`one-line ${fits ? '' : 'muted'}`}>{kindName(unit.kind)}</span>
            <span className="muted is-end">
              {unit.status.state === 'AVAILABLE' ? null : `${statusName(unit)} · `}
              {metres === null ? t('assign.placeUnknown') : distance(metres, language)}
            </span>
          </span>
        )}
      />
    </div>
  )
}
