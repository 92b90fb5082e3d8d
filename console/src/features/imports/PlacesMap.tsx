import type { Geometry } from 'geojson'
import { useMemo } from 'react'
import { useCity } from '../../api/session'
import { bounds } from '../../format'
import { useText } from '../../i18n'
import { CityMap } from '../../map/CityMap'
import { placeOf, type Shown } from './imports.api'

/** Where the first rows lie; nothing where they tell no place. The rows above are its twin. */
export function PlacesMap({ rows }: { rows: readonly Shown[] }) {
  const { t } = useText()
  const city = useCity()
  const places = useMemo(() => rows.flatMap((row) => placeOf(row) ?? []), [rows])
  const box = useMemo(() => bounds(places), [places])
  const focus = useMemo(() => (box ? { box } : null), [box?.join()])
  if (places.length === 0) return null
  return (
    <div className="import-map">
      <CityMap
        base={city.map} area={city.area} districts={none} units={none} incidents={none} areas={none} cameras={none} selected={null} linked={none}
        draft={null} marks={places as readonly Geometry[]} focus={focus} picking={false} onPick={() => {}} onPlace={() => {}} note={` · ${t('imports.places', { count: places.length })}`}
      />
    </div>
  )
}

const none: readonly never[] = []
