import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useCity } from '../../api/session'
import type { Incident, Unit } from '../../api/types'
import { bounds, nameIn } from '../../format'
import { useText } from '../../i18n'
import { useNow } from '../../live'
import { CityMap } from '../../map/CityMap'
import { alarms, isOf, useRadio } from '../talk'
import { staleAfterMs, unitsQuery } from '../units'

/** Where I am, where it is, who else is there, and who calls for help. */
export function FieldMap({ unit, incident }: { unit: Unit | undefined; incident: Incident | undefined }) {
  const { language } = useText()
  const city = useCity()
  const { state } = useRadio()
  const all = useQuery(unitsQuery).data
  const lately = useNow(10)
  const shown = useMemo(() => (all ?? []).filter((one) => one.position && (one.id === unit?.id || (incident && one.incident === incident.id))), [all, unit?.id, incident])
  const units = useMemo(() => shown.flatMap((one) => (one.position ? [{ id: one.id, label: one.callSign, state: one.status.state, place: one.position, stale: !one.positionAt || lately - Date.parse(one.positionAt) > staleAfterMs }] : [])), [shown, lately])
  const incidents = useMemo(() => (incident?.place ? [{ id: incident.id, label: incident.number, level: incident.priority, place: incident.place }] : []), [incident])
  const districts = useMemo(() => city.districts.map((one) => ({ id: one.id, label: nameIn(one.name, language, city.languages), area: one.area })), [city, language])
  const help = alarms(state).flatMap((one) => (all ?? []).filter((each) => isOf(one.participant, each.id)).map((each) => each.position)).find(Boolean) ?? null
  const key = [incident?.place, help, unit?.position].filter(Boolean).map((one) => one?.coordinates.map((part) => part.toFixed(3)).join()).join(' ')
  const focus = useMemo(() => {
    const box = bounds([incident?.place, help, unit?.position].flatMap((one) => (one ? [one] : [])))
    return box && { box }
    // Looks anew only where something has moved by a street, not with each position.
  }, [key])
  return (
    <CityMap
      base={city.map} area={city.area ?? bounds(city.districts.map((one) => one.area))} districts={districts} units={units} incidents={incidents} areas={none} cameras={none}
      selected={incident?.id ?? null} linked={none} draft={help} focus={focus} picking={false} onPick={nothing} onPlace={nothing} note={null}
    />
  )
}

const none: readonly never[] = []
const nothing = () => {}
