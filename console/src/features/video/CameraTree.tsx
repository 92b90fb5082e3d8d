import { useMemo, useRef, useState } from 'react'
import { useCity } from '../../api/session'
import type { Camera } from '../../api/types'
import { nameIn } from '../../format'
import { useText } from '../../i18n'
import { Icon, Keys, List, type ListDoor, Notice } from '../../ui'
import { CameraSign, districtOf, signOf } from '../cameras'
import { matches } from '../incidents'

type Row = { key: string; kind: 'group'; level: 1 | 2; label: string; count: number; lost: number; shut: boolean } | { key: string; kind: 'camera'; camera: Camera }
type Props = { cameras: readonly Camera[]; onWall: readonly string[]; onPlace: (camera: Camera) => void }

/** Every camera by whose it is and where; Enter or a drag puts it on the wall. */
export function CameraTree({ cameras, onWall, onPlace }: Props) {
  const { t, language } = useText()
  const city = useCity()
  const list = useRef<ListDoor>(null)
  const [filter, setFilter] = useState('')
  const [poor, setPoor] = useState(false)
  const [shut, setShut] = useState<readonly string[]>([])
  const rows = useMemo(() => {
    const name = (id: string | null, of: readonly { id: string; name: Parameters<typeof nameIn>[0] }[], otherwise: string) => nameIn(of.find((one) => one.id === id)?.name ?? otherwise, language, city.languages)
    const placed = cameras.map((camera) => {
      const district = districtOf(camera, city)
      return { camera, organisation: name(camera.organisation, city.organisations, camera.organisation), district: district === null ? t('cameras.noDistrict') : name(district, city.districts, district) }
    })
    const shown = placed.filter((one) => matches(filter, [one.camera.name, one.organisation, one.district]) && (!poor || signOf(one.camera) !== 'recording'))
    const collator = new Intl.Collator(language, { numeric: true })
    const lost = (of: typeof shown) => of.filter((one) => signOf(one.camera) === 'lost').length
    const found: Row[] = []
    for (const organisation of [...new Set(shown.map((one) => one.organisation))].sort(collator.compare)) {
      const own = shown.filter((one) => one.organisation === organisation)
      const isShut = filter === '' && shut.includes(organisation)
      found.push({ key: organisation, kind: 'group', level: 1, label: organisation, count: own.length, lost: lost(own), shut: isShut })
      if (isShut) continue
      for (const district of [...new Set(own.map((one) => one.district))].sort(collator.compare)) {
        const there = own.filter((one) => one.district === district)
        const key = `${organisation} / ${district}`
        const closed = filter === '' && shut.includes(key)
        found.push({ key, kind: 'group', level: 2, label: district, count: there.length, lost: lost(there), shut: closed })
        if (!closed) found.push(...there.sort((a, b) => collator.compare(a.camera.name, b.camera.name)).map((one): Row => ({ key: one.camera.id, kind: 'camera', camera: one.camera })))
      }
    }
    return found
  }, [cameras, filter, poor, shut, language, city, t])
  const pick = (row: Row) => {
    if (row.kind === 'camera') onPlace(row.camera)
    else setShut((old) => (old.includes(row.key) ? old.filter((one) => one !== row.key) : [...old, row.key]))
  }
  return (
    <>
      <div className="board-tools">
        <label className="search">
          <span className="sr-only">{t('cameras.filter')}</span><Icon name="search" />
          <input type="search" dir="auto" value={filter} placeholder={t('cameras.filter')} onChange={(event) => setFilter(event.target.value)}
            onKeyDown={(event) => { if (event.key === 'Enter' || event.key === 'ArrowDown') { event.preventDefault(); list.current?.focus() } }} />
          <Keys command="search" />
        </label>
        <button type="button" className="button is-quiet" aria-pressed={poor} onClick={() => setPoor(!poor)}>{t('cameras.onlyPoor')}</button>
      </div>
      {rows.length === 0 ? <Notice icon={filter || poor ? 'search' : 'video'} title={filter ? t('cameras.noMatch') : poor ? t('cameras.allWell') : t('cameras.none')} /> : (
        <List
          door={list}
          label={t('cameras.title')}
          items={rows}
          keyOf={(one) => one.key}
          row="line-row"
          onPick={pick}
          rowClass={(one) => (one.kind === 'group' ? `tree-group is-level-${one.level}` : onWall.includes(one.camera.id) ? 'is-on-wall' : '')}
          render={(one) => one.kind === 'group' ? (
            <span className="unit-line">
              <Icon name={one.shut ? 'go' : 'down'} />
              <bdi className="one-line">{one.label}</bdi>
              <span className="muted is-end">{one.lost > 0 ? <b className="tree-lost" title={t('cameras.lost', { count: one.lost })}><CameraSign sign="lost" />{one.lost}<span className="sr-only">{t('cameras.lost', { count: one.lost })}</span></b> : null}{one.count}</span>
              <span className="sr-only">{t(one.shut ? 'cameras.shut' : 'cameras.open')}</span>
            </span>
          ) : (
            <span className="unit-line tree-camera" draggable onDragStart={(event) => { event.dataTransfer.setData('text/x-camera', one.camera.id); event.dataTransfer.effectAllowed = 'copyMove' }}>
              <CameraSign sign={signOf(one.camera)} />
              <bdi className="one-line">{one.camera.name}</bdi>
              <span className="muted is-end">{signOf(one.camera) === 'recording' ? null : t(`cameras.states.${signOf(one.camera)}`)}{onWall.includes(one.camera.id) ? <Icon name="check" /> : null}</span>
            </span>
          )}
        />
      )}
    </>
  )
}
