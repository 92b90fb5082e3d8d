import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { useRights } from '../api/rights'
import { useCity } from '../api/session'
import type { FoundPlace, Unit } from '../api/types'
import { type CommandId, commandIds, keysOf, runCommand, useCommand, useOffered, usePreferences } from '../commands'
import { byUrgency, matches, openIncidentsQuery, placeDraft, startDraft, useIncidentActions, usePlaces } from '../features/incidents'
import { readWhere, type Where } from '../features/operations'
import { unitsQuery, useSetStatus } from '../features/units'
import { nameIn } from '../format'
import { useText } from '../i18n'
import { Combo, type ComboDoor, Icon, Keys, SeveritySign, shown, showToast, StateSign, tellRefusal } from '../ui'
import { incidentNumber, parseLine } from './commandLine'

type Choice =
  | { kind: 'deed'; key: string; text: string; run: () => void }
  | { kind: 'command'; key: string; id: CommandId; text: string; offered: boolean | string }
  | { kind: 'incident'; key: string; text: string; number: string; level: 1 | 2 | 3 | 4; run: () => void }
  | { kind: 'unit'; key: string; unit: Unit; run: () => void }
  | { kind: 'place'; key: string; place: FoundPlace; run: () => void }

const shownMost = 40
/** Those that are held have no meaning here, nor has the way back. */
const hidden: CommandId[] = ['palette', 'back', 'talk', 'emergency']

/** The palette and the command line in one field: type a deed, a name or a word; Enter does it. */
export function CommandLine() {
  const { t, language } = useText()
  const city = useCity()
  const client = useQueryClient()
  const navigate = useNavigate()
  const where = readWhere(useSearch({ strict: false }) as Record<string, unknown>)
  const incidents = useQuery(openIncidentsQuery(client)).data ?? []
  const units = useQuery(unitsQuery).data ?? []
  const actions = useIncidentActions()
  const setStatus = useSetStatus()
  const offered = useOffered()
  const { keys } = usePreferences()
  const door = useRef<ComboDoor>(null)
  const [text, setText] = useState('')
  useCommand('palette', () => door.current?.focus())
  const name = (names: Parameters<typeof nameIn>[0]) => nameIn(names, language, city.languages)
  const chosen = incidents.find((one) => one.id === where.incident)
  const line = parseLine(text)
  const { places } = usePlaces(line.kind === 'search' ? text : '')
  const go = (search: Where) => void navigate({ to: '/', search })
  const leave = () => {
    setText('')
    ;(document.activeElement as HTMLElement | null)?.blur()
  }
  const missing = (what: string) => showToast({ tone: 'failed', text: t('palette.unknown', { what }), actions: [] }, 6_000)
  const unitBy = (callSign: string) => units.find((one) => one.callSign.replaceAll(' ', '').toUpperCase() === callSign)

  const { changeIncidents, setStatus: maySetStatus } = useRights()

  const deed = (): Choice[] => {
    const reason = line.kind === 'status' ? (maySetStatus ? null : t('rights.noStatus')) : line.kind !== 'goTo' && !changeIncidents ? t('rights.noChange') : null
    if (reason) return [{ kind: 'deed', key: 'no', text: reason, run: () => tellRefusal(reason) }]
    const one = (key: string, said: string, run: () => void): Choice[] => [{ kind: 'deed', key, text: said, run }]
    const onChosen = (said: (number: string) => string, run: (incident: NonNullable<typeof chosen>) => void): Choice[] =>
      chosen ? one('deed', said(chosen.number), () => run(chosen)) : one('deed', t('palette.chooseFirst'), () => missing(t('palette.chooseFirst')))
    switch (line.kind) {
      case 'dispatch':
        return onChosen((incident) => t('palette.dispatch', { units: line.callSigns.join(', '), incident }), (incident) => {
          for (const callSign of line.callSigns) {
            const unit = unitBy(callSign)
            if (unit) void actions.assign(incident, unit)
            else missing(callSign)
          }
        })
      case 'release':
        return onChosen((incident) => t('palette.release', { units: line.callSigns.join(', '), incident }), (incident) => {
          for (const callSign of line.callSigns) {
            const unit = incident.units.find((held) => held.callSign.toUpperCase() === callSign)
            if (unit) void actions.release(incident, unit)
            else missing(callSign)
          }
        })
      case 'new':
        return city.incidentTypes
          .filter((type) => type.code === line.type || matches(line.type, [type.code, name(type.name)]))
          .slice(0, 8)
          .map((type) => ({ kind: 'deed', key: type.code, text: t('palette.new', { type: name(type.name) }), run: () => { startDraft(type.code, line.description); go({ ...where, panel: 'new', view: 'detail' }) } }))
      case 'goTo':
        return one('deed', t('palette.goTo', { incident: line.number }), () => {
          const found = incidents.find((incident) => incident.number.toUpperCase() === line.number)
          if (found) go({ incident: found.id, panel: 'incident', view: 'detail' })
          else missing(line.number)
        })
      case 'status': {
        const unit = unitBy(line.callSign)
        const status = city.unitStatuses.find((held) => held.code.toLowerCase() === line.code.toLowerCase())
        if (!unit || !status) return one('deed', t('palette.unknown', { what: unit ? line.code : line.callSign }), () => missing(unit ? line.code : line.callSign))
        return one('deed', t('palette.status', { unit: unit.callSign, status: name(status.name) }), () => void setStatus(unit, { ...status, name: name(status.name) }))
      }
      case 'priority':
        return onChosen((incident) => t('palette.priority', { level: line.level, incident }), (incident) => void actions.setPriority(incident, line.level))
      case 'note':
        return onChosen((incident) => t('palette.note', { text: line.text, incident }), (incident) => void actions.addNote(incident, line.text))
      case 'search':
        return []
      default:
        return line satisfies never
    }
  }

  const search = (): Choice[] => {
    const wanted = text.trim()
    const commands = commandIds
      .filter((id) => !hidden.includes(id))
      .filter((id) => matches(wanted, [t(`commands.${id}`), ...keysOf(id, keys)]))
      .map((id): Choice => ({ kind: 'command', key: `command ${id}`, id, text: t(`commands.${id}`), offered: offered(id) }))
    const ready = commands.filter((one) => one.kind === 'command' && one.offered)
    if (wanted === '') return ready
    const number = incidentNumber(wanted)
    return [
      ...[...incidents].sort(byUrgency)
        .filter((one) => one.number.toUpperCase() === number || matches(wanted, [one.number, name(city.incidentTypes.find((type) => type.code === one.type)?.name ?? one.type), one.description]))
        .slice(0, 12)
        .map((one): Choice => ({
          kind: 'incident', key: one.id, number: one.number, level: one.priority,
          text: name(city.incidentTypes.find((type) => type.code === one.type)?.name ?? one.type),
          run: () => go({ incident: one.id, panel: 'incident', view: 'detail' }),
        })),
      ...units.filter((one) => matches(wanted, [one.callSign])).slice(0, 8).map((unit): Choice => ({ kind: 'unit', key: unit.id, unit, run: () => go({ panel: 'units', unit: unit.id, view: 'detail' }) })),
      ...(changeIncidents ? places : []).map((place, at): Choice => ({ kind: 'place', key: `place ${at} ${place.label}`, place, run: () => { placeDraft(place.place, 'new'); go({ ...where, panel: 'new', view: 'detail' }) } })),
      ...ready,
    ]
  }

  const choices = line.kind === 'search' ? search().slice(0, shownMost) : deed()
  const run = (choice: Choice) => {
    leave()
    if (choice.kind !== 'command') return choice.run()
    // After the field has let go of the focus: the command may want it.
    setTimeout(() => runCommand(choice.id))
  }
  return (
    <Combo
      className="command-line"
      door={door}
      label={t('palette.label')}
      hideLabel
      text={text}
      onText={setText}
      items={choices}
      keyOf={(one) => one.key}
      placeholder={chosen ? t('palette.placeholderOn', { incident: chosen.number }) : t('palette.placeholder')}
      onPick={run}
      onEscape={leave}
      empty={t('palette.nothing')}
      head={<p className="palette-hint">{t('palette.hint')}</p>}
      end={<Keys command="palette" />}
      render={(one) => (
        <span className="unit-line">
          {one.kind === 'deed' ? <Icon name="check" /> : one.kind === 'incident' ? <SeveritySign level={one.level} /> : one.kind === 'unit' ? <StateSign state={one.unit.status.state} /> : <Icon name={one.kind === 'place' ? 'pin' : 'go'} />}
          <span className="one-line" dir="auto">{one.kind === 'unit' ? <bdi className="call-sign">{one.unit.callSign}</bdi> : one.kind === 'place' ? one.place.label : one.text}</span>
          {one.kind === 'place' ? <small className="muted is-end">{t('palette.callFromHere')}</small> : null}
          {one.kind === 'incident' ? <bdi className="muted is-end">{one.number}</bdi> : null}
          {one.kind === 'unit' ? <span className="muted is-end">{t(`unitState.${one.unit.status.state}`)}</span> : null}
          {one.kind === 'deed' ? <kbd className="keys is-end" aria-hidden="true">↵</kbd> : null}
          {one.kind === 'command' && typeof one.offered === 'string' ? <small className="one-line is-end">{one.offered}</small> : one.kind === 'command' && keysOf(one.id, keys)[0] ? <kbd className="keys is-end" dir="ltr" aria-hidden="true">{shown(keysOf(one.id, keys)[0] ?? '')}</kbd> : null}
        </span>
      )}
    />
  )
}
