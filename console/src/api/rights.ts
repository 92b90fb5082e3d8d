import { useSignedIn } from './session'

/** What the roles of a session may do in its own organisation: the server's table (RoleTable), as far as the console has a use for it. */
export type Rights = { seeIncidents: boolean; changeIncidents: boolean; setStatus: boolean; seeSystem: boolean; changeCameras: boolean; exportVideo: boolean; importData: boolean; leadTalk: boolean }

const may: Record<keyof Rights, readonly string[]> = {
  seeIncidents: ['dispatcher', 'responder', 'commander', 'data-officer'],
  changeIncidents: ['dispatcher', 'commander'],
  setStatus: ['dispatcher', 'responder', 'commander', 'administrator'],
  seeSystem: ['dispatcher', 'commander', 'data-officer', 'auditor', 'administrator'],
  changeCameras: ['administrator'],
  exportVideo: ['dispatcher', 'commander', 'data-officer'],
  importData: ['data-officer', 'administrator'],
  leadTalk: ['dispatcher', 'commander'],
}

export function rightsOf(roles: readonly string[]): Rights {
  const any = (right: keyof Rights) => roles.some((role) => may[right].includes(role))
  return { seeIncidents: any('seeIncidents'), changeIncidents: any('changeIncidents'), setStatus: any('setStatus'), seeSystem: any('seeSystem'), changeCameras: any('changeCameras'), exportVideo: any('exportVideo'), importData: any('importData'), leadTalk: any('leadTalk') }
}

/** What is shown and offered. The server decides each time anew; this only spares people doors that would stay shut. */
export function useRights(): Rights {
  return rightsOf(useSignedIn().roles)
}
