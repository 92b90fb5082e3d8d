/** A refusal as RFC 9457 says it: what happened, why, and how to mend it. */
export type Problem = { type: string; title: string; status: number; detail?: string; remedy?: string }

export class Refused extends Error {
  constructor(readonly problem: Problem, readonly retryAfterSeconds: number | null) {
    super(problem.title)
  }
}

/** The request got no answer: no link, or no answer in time. Whether it was done is unknown; the same key asks again safely. */
export class NoAnswer extends Error {}

type Options = { body?: unknown; key?: string; grant?: string | undefined; /** The version one has seen: the server refuses (409) where it has moved on. */ ifMatch?: number; signal?: AbortSignal; timeoutMs?: number }
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

let csrf = ''
let signedOut: () => void = () => {}

/** The token every unsafe request carries; the session answers bring it. */
export function useCsrf(token: string): void {
  csrf = token
}

/** Called when an answer says that the session has ended. */
export function onSignedOut(listener: () => void): void {
  signedOut = listener
}

export function newKey(): string {
  return crypto.randomUUID()
}

/** One request of ours. Throws {@link Refused} or {@link NoAnswer}; never retries by itself. */
export async function request<T>(method: Method, path: string, options: Options = {}): Promise<T> {
  const { text } = await exchange(method, path, { ...options, ...(options.body === undefined ? {} : { sent: { type: 'application/json', body: JSON.stringify(options.body) } }) }, 'application/json', (response) => response.text())
  return (text === '' ? undefined : JSON.parse(text)) as T
}

/** What is sent or answered is no JSON: a picture, a table, a session description. The same refusals. */
export function requestAs<T>(method: Method, path: string, options: RawOptions, accept: string, read: (response: Response) => Promise<T>): Promise<{ text: T; response: Response }> {
  return exchange(method, path, options, accept, read)
}

type RawOptions = Omit<Options, 'body'> & { sent?: { type: string; body: string | Blob }; /** Goes on after the page is left. */ keepalive?: boolean }

async function exchange<T>(method: Method, path: string, options: RawOptions, accept: string, read: (response: Response) => Promise<T>): Promise<{ text: T; response: Response }> {
  const headers: Record<string, string> = { Accept: `${accept}, application/problem+json` }
  if (method !== 'GET') {
    headers['X-CSRF-TOKEN'] = csrf
    headers['Idempotency-Key'] = options.key ?? newKey()
  }
  if (options.sent) headers['Content-Type'] = options.sent.type
  if (options.ifMatch !== undefined) headers['If-Match'] = `"${options.ifMatch}"`
  if (options.grant) headers['Conurb-Purpose'] = options.grant
  const deadline = AbortSignal.timeout(options.timeoutMs ?? 15_000)
  let response: Response
  let refusal = ''
  try {
    response = await fetch(path, {
      method,
      headers,
      credentials: 'same-origin',
      cache: 'no-store',
      keepalive: options.keepalive ?? false,
      signal: options.signal ? AbortSignal.any([options.signal, deadline]) : deadline,
      ...(options.sent ? { body: options.sent.body } : {}),
    })
    if (response.ok) return { text: await read(response), response }
    refusal = await response.text()
  } catch (cause) {
    if (options.signal?.aborted) throw cause
    throw new NoAnswer(path, { cause })
  }
  if (response.status === 401 && !path.startsWith('/api/session') && !path.startsWith('/login')) signedOut()
  throw new Refused(problemOf(response, refusal), retryAfter(response))
}

function problemOf(response: Response, text: string): Problem {
  if (/json/.test(response.headers.get('Content-Type') ?? '')) {
    try {
      const told = JSON.parse(text) as Partial<Problem>
      return { type: 'about:blank', ...told, title: told.title ?? response.statusText, status: response.status }
    } catch {
      // Not what it says it is: the status alone must do.
    }
  }
  return { type: 'about:blank', title: response.statusText || String(response.status), status: response.status }
}

function retryAfter(response: Response): number | null {
  const seconds = Number(response.headers.get('Retry-After') ?? Number.NaN)
  return Number.isFinite(seconds) ? seconds : null
}

/** All pages of a list, up to a bound: the console never holds more than it can show. */
export async function fetchAll<T>(path: string, signal: AbortSignal | undefined, most = 10_000): Promise<T[]> {
  const items: T[] = []
  let after: string | null = null
  do {
    const address: string = after === null ? path : `${path}&after=${encodeURIComponent(after)}`
    const page: { items: T[]; next?: string | null } = await request('GET', address, signal ? { signal } : {})
    items.push(...page.items)
    after = page.next ?? null
  } while (after !== null && items.length < most)
  return items
}
