import { expect, test } from 'vitest'
import { rightsOf } from './rights'

test('whoever holds several roles may what any of them may', () => {
  expect(rightsOf(['responder'])).toEqual({ seeIncidents: true, changeIncidents: false, setStatus: true, seeSystem: false, changeCameras: false, exportVideo: false, importData: false, leadTalk: false })
  expect(rightsOf(['auditor'])).toEqual({ seeIncidents: false, changeIncidents: false, setStatus: false, seeSystem: true, changeCameras: false, exportVideo: false, importData: false, leadTalk: false })
  expect(rightsOf(['responder', 'dispatcher'])).toEqual({ seeIncidents: true, changeIncidents: true, setStatus: true, seeSystem: true, changeCameras: false, exportVideo: true, importData: false, leadTalk: true })
  expect(rightsOf(['data-officer']).importData).toBe(true)
  expect(Object.values(rightsOf(['unheard-of']))).not.toContain(true)
})
