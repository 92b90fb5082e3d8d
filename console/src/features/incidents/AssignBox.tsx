import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useCity } from '../../api/session'
import type { Incident, Proposal, Unit } from '../../api/types'
import { distance, nameIn, roughly } from '../../format'
import { useText } from '../../i18n'
import { Combo, StateSign } from '../../ui'
import { proposalsQuery } from './dispatch.queries'
import { candidates, remarks } from './incident'

type Props = { incident: Incident; units: readonly Unit[]; onAssign: (unit: Unit) => void; onClose: () => void }

/** Sends units: the soonest there first, type to narrow, Enter assigns and waits for the next. */
export function AssignBox({ incident, units, onAssign, onClose }: Props) {
  const { t, language } = useText()
  const city = useCity()
  const [text, setText] = useState('')
  const wanted = city.incidentTypes.find((one) => one.code === incident.type)?.unitKinds ?? []
  const proposals = useQuery(proposalsQuery(incident.id)).data ?? []
  const found = candidates(units, incident, wanted, text, proposals)
  const kindName = (code: string) => nameIn(city.unitKinds.find((one) => one.code === code)?.name ?? code, language, city.languages)
  const statusName = (unit: Unit) => nameIn(city.unitStatuses.find((one) => one.code === unit.status.code)?.name ?? unit.status.code, language, city.languages)
  const organisation = (id: string) => nameIn(city.organisations.find((one) => one.id === id)?.name ?? id, language, city.languages)
  /** `4 min · 2.1 km`, and what makes it less sure. */
  const travel = (proposal: Proposal | undefined, metres: number | null) => {
    const far = proposal?.seconds !== null && proposal?.seconds !== undefined ? [roughly(proposal.seconds * 1_000, language), distance(proposal.metres ?? 0, language)] : [metres === null ? t('assign.placeUnknown') : distance(metres, language)]
    const said = remarks(proposal).map(({ code, value }) => {
      switch (code) {
        case 'estimated': return t('assign.estimated')
        case 'place-old': return t('assign.placeOld', { ago: roughly(Number(value) * 1_000, language) })
        case 'place-withheld': return t('assign.placeWithheld')
        case 'may-not-send': return t('assign.mayNotSend')
      }
    })
    return [...far, ...said].join(' · ')
  }
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
        render={({ unit, metres, fits, proposal }) => (
          <span className="unit-line" title={organisation(unit.organisation)}>
            <StateSign state={unit.status.state} />
            <bdi className="call-sign">{unit.callSign}</bdi>
            <span className={`one-line ${fits ? '' : 'muted'}`}>{kindName(unit.kind)}</span>
            <span className="muted is-end is-whole">
              {unit.status.state === 'AVAILABLE' ? null : `${statusName(unit)} · `}
              {travel(proposal, metres)}
            </span>
          </span>
        )}
      />
    </div>
  )
}
