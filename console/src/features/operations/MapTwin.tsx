import { useRef } from 'react'
import { type CameraSigns, CameraSign } from '../cameras'
import type { MapArea, MapCamera, MapIncident, MapUnit } from '../../map'
import { coordinates } from '../../format'
import { useText } from '../../i18n'
import { List, type ListDoor, SeveritySign, StateSign } from '../../ui'
import { Sheet } from '../../ui/Sheet'
import type { Severity, UnitState } from '../../api/types'

type Thing = { key: string; kind: 'incident' | 'unit' | 'area' | 'camera'; id: string; label: string; where: string; level?: Severity; state?: UnitState; sign?: CameraSigns }
type Props = {
  open: boolean
  onClose: () => void
  incidents: readonly MapIncident[]
  units: readonly MapUnit[]
  areas: readonly MapArea[]
  cameras: readonly MapCamera[]
  onPick: (kind: 'incident' | 'unit' | 'area' | 'camera', id: string) => void
}

/** The map's twin: everything drawn there, as a list. */
export function MapTwin({ open, onClose, incidents, units, areas, cameras, onPick }: Props) {
  const { t } = useText()
  const list = useRef<ListDoor>(null)
  const things: Thing[] = [
    ...incidents.map((one): Thing => ({ key: one.id, kind: 'incident', id: one.id, label: one.label, where: coordinates(one.place), level: one.level as Severity })),
    ...areas.map((one): Thing => ({ key: `area ${one.id}`, kind: 'area', id: one.id, label: one.label, where: t('map.area'), ...(one.real ? { level: one.level as Severity } : {}) })),
    ...units.map((one): Thing => ({ key: one.id, kind: 'unit', id: one.id, label: one.label, where: coordinates(one.place), state: one.state as UnitState })),
    ...cameras.map((one): Thing => ({ key: one.id, kind: 'camera', id: one.id, label: one.label, where: coordinates(one.place), sign: one.sign as CameraSigns })),
  ]
  return (
    <Sheet title={t('map.twin')} open={open} onClose={onClose}>
      {things.length === 0 ? <p className="muted">{t('map.nothing')}</p> : (
        <div className="twin-list">
          <List
            door={list}
            label={t('map.twin')}
            items={things}
            keyOf={(one) => one.key}
            row="line-row"
            onPick={(one) => { onClose(); onPick(one.kind, one.id) }}
            render={(one) => (
              <span className="unit-line">
                {one.level ? <SeveritySign level={one.level} /> : null}
                {one.state ? <StateSign state={one.state} /> : null}
                {one.sign ? <CameraSign sign={one.sign} /> : null}
                <bdi className="one-line">{one.label}</bdi>
                {one.sign ? <span className="muted">{t(`cameras.states.${one.sign}`)}</span> : null}
                {one.state ? <span className="muted">{t(`unitState.${one.state}`)}</span> : null}
                <bdi className="muted is-end">{one.where}</bdi>
              </span>
            )}
          />
        </div>
      )}
    </Sheet>
  )
}
