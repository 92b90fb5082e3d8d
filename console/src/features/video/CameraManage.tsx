import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { request } from '../../api/http'
import { cacheKeys } from '../../api/keys'
import { useRights } from '../../api/rights'
import { useCity } from '../../api/session'
import type { Camera } from '../../api/types'
import { nameIn } from '../../format'
import { useText } from '../../i18n'
import { Icon, List, Notice, perform, showToast } from '../../ui'
import { CameraSign, signOf } from '../cameras'
import { CameraForm } from './CameraForm'
import { CameraImport } from './CameraImport'
import type { VideoPanel } from '../cameras'

type Props = { panel: VideoPanel; camera: string | undefined; cameras: readonly Camera[]; onGo: (to: { panel?: VideoPanel | undefined; camera?: string | undefined }) => void }

const undoMs = 8_000

/** Cameras added, changed and removed, one by one or by table; for those who may. */
export function CameraManage({ panel, camera, cameras, onGo }: Props) {
  const { t, language } = useText()
  const city = useCity()
  const { changeCameras } = useRights()
  const remove = useRemoval()
  const chosen = cameras.find((one) => one.id === camera)
  const [hidden, setHidden] = useState<readonly string[]>([])
  if (!changeCameras) return <Notice icon="key" title={t('cameras.noRight')} />
  const title = panel === 'new' ? t('cameras.add') : panel === 'edit' ? t('cameras.edit') : panel === 'import' ? t('cameras.import') : t('cameras.manage')
  const back = () => onGo({ panel: panel === 'manage' ? undefined : 'manage', camera: undefined })
  const shown = cameras.filter((one) => !hidden.includes(one.id)).sort((a, b) => a.name.localeCompare(b.name, language, { numeric: true }))
  return (
    <div className="panel">
      <header className="pane-head">
        <h2>{title}</h2>
        <button type="button" className="button is-bare is-end" aria-label={t('actions.close')} onClick={back}><Icon name="close" /></button>
      </header>
      {panel === 'new' ? <CameraForm onDone={back} /> : panel === 'import' ? <CameraImport /> : panel === 'edit' && chosen ? (
        <CameraForm
          key={chosen.id} camera={chosen} onDone={back}
          onRemove={() => {
            setHidden((old) => [...old, chosen.id])
            remove(chosen, () => setHidden((old) => old.filter((one) => one !== chosen.id)))
            back()
          }}
        />
      ) : (
        <>
          <div className="board-tools">
            <button type="button" className="button" onClick={() => onGo({ panel: 'new' })}><Icon name="plus" />{t('cameras.add')}</button>
            <button type="button" className="button is-quiet" onClick={() => onGo({ panel: 'import' })}>{t('cameras.import')}</button>
          </div>
          {shown.length === 0 ? <Notice icon="video" title={t('cameras.none')}>{t('cameras.noneHint')}</Notice> : (
            <List
              label={t('cameras.title')} items={shown} keyOf={(one) => one.id} onPick={(one) => onGo({ panel: 'edit', camera: one.id })}
              render={(one) => (
                <span className="unit-line">
                  <CameraSign sign={signOf(one)} />
                  <span className="incident-main"><bdi className="one-line">{one.name}</bdi><small className="one-line"><bdi>{nameIn(city.organisations.find((held) => held.id === one.organisation)?.name ?? one.organisation, language, city.languages)}</bdi> · <bdi dir="ltr">{one.source ?? ''}</bdi></small></span>
                </span>
              )}
            />
          )}
        </>
      )}
    </div>
  )
}

/** A camera's login cannot be given back, so that it is removed only once nobody has taken that back for 8 s. */
function useRemoval(): (camera: Camera, back: () => void) => void {
  const { t } = useText()
  const client = useQueryClient()
  return (camera, back) => {
    const timer = setTimeout(() => void perform({
      done: t('cameras.removed', { camera: camera.name }), failed: t('cameras.removeFailed', { camera: camera.name }), quiet: true,
      send: (key) => request<void>('DELETE', `/api/video/cameras/${encodeURIComponent(camera.id)}`, { key }),
      settled: () => client.setQueryData<Camera[]>(cacheKeys.cameras, (held) => held?.filter((one) => one.id !== camera.id)),
    }).then((done) => done || back()), undoMs)
    showToast({ tone: 'done', text: t('cameras.removing', { camera: camera.name }), actions: [{ label: t('actions.undo'), command: 'undo', run: () => { clearTimeout(timer); back() } }] }, undoMs - 200)
  }
}
