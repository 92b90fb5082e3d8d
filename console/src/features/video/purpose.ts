/** Under what one looks: an open incident, a grant taken for it, or a grant that needs no incident. Nothing: the server refuses. */
export type Purpose = { case?: string | undefined; grant?: string | undefined }

/** The purpose as a player's address carries it. */
export function under(purpose: Purpose, more: Record<string, string> = {}): string {
  const query = new URLSearchParams(more)
  if (purpose.grant) query.set('grant', purpose.grant)
  else if (purpose.case) query.set('case', purpose.case)
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}

export function samePurpose(a: Purpose, b: Purpose): boolean {
  return a.case === b.case && a.grant === b.grant
}

export const cameraPath = (id: string, rest: string) => `/api/video/cameras/${encodeURIComponent(id)}/${rest}`
