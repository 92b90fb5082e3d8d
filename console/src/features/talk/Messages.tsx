import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { request } from '../../api/http'
import { useCity, useSignedIn } from '../../api/session'
import { useCommand } from '../../commands'
import { clock, dayAndClock, nameIn } from '../../format'
import { useText } from '../../i18n'
import { Failure, Icon, Keys, showToast, tellRefusal } from '../../ui'
import { type OutFile, mostBytes, mostFiles, type Waiting } from './outbox'
import { smaller } from './pictures'
import type { Attachment, TalkMessage } from './protocol'
import { radio, useRadio } from './radio'
import { isAbsent } from './SpurtList'
import { messagesQuery } from './talk.queries'
import { outbox, useOutbox, useSending } from './useOutbox'

type Props = { other: string; name: string; compact?: boolean }

/** Messages with a group or a person: what was written, what waits, and the field to write in. */
export function Messages({ other, name, compact = false }: Props) {
  const { t } = useText()
  const session = useSignedIn()
  const { state } = useRadio()
  const past = useInfiniteQuery({ ...messagesQuery(other, radio.unit), enabled: state.line === 'open' })
  const waiting = useOutbox().filter((one) => one.to === other && one.person === session.person.id)
  const end = useRef<HTMLDivElement>(null)
  useSending(session.person.id)
  const { fetchNextPage, hasNextPage, isFetching, data } = past
  useEffect(() => {
    if (data) radio.heardOf(data.pages.flatMap((page) => page.items))
  }, [data])
  useEffect(() => {
    if (hasNextPage && !isFetching) void fetchNextPage()
  }, [hasNextPage, isFetching, fetchNextPage])
  const me = state.me?.id
  const messages = state.messages.filter((one) => one.to === other || (one.to === me && senderOf(one) === other))
  const last = messages.at(-1)?.id
  useEffect(() => {
    // Newer browsers answer with a promise, which is no way to clean up.
    void end.current?.scrollIntoView({ block: 'nearest' })
  }, [last, waiting.length])
  useRead(messages, me)
  return (
    <section className={`messages ${compact ? 'is-compact' : ''}`} aria-label={t('talk.messagesWith', { name })}>
      <div className="message-list">
        {past.isError && !past.data ? isAbsent(past.error) ? <p className="muted">{t('talk.noMessagesDoor')}</p> : <Failure title={t('talk.messagesFailed')} error={past.error} retry={() => void past.refetch()} /> : null}
        {messages.length === 0 && waiting.length === 0 && !past.isError ? <p className="muted">{t('talk.noMessages')}</p> : null}
        <ol aria-live="polite" aria-label={t('talk.messages')}>
          {messages.map((one) => <Message key={one.id} message={one} mine={senderOf(one) === me} />)}
          {waiting.map((one) => <Pending key={one.id} message={one} person={session.person.id} />)}
        </ol>
        <div ref={end} />
      </div>
      <Composer to={other} person={session.person.id} />
    </section>
  )
}

function senderOf(message: TalkMessage): string {
  return typeof message.from === 'string' ? message.from : message.from.id
}

/** Tells once that a message was read: when it stands on a screen that somebody looks at. */
function useRead(messages: readonly TalkMessage[], me: string | undefined): void {
  const told = useRef(new Set<string>())
  useEffect(() => {
    if (document.hidden) return
    for (const one of messages) {
      if (senderOf(one) === me || told.current.has(one.id)) continue
      told.current.add(one.id)
      if (one.state === 'read') continue
      request('POST', `/api/talk/messages/${encodeURIComponent(one.id)}/read${radio.unit ? `?unit=${encodeURIComponent(radio.unit)}` : ''}`, { key: `read-${one.id}` }).catch(() => {})
    }
  })
}

function Message({ message, mine }: { message: TalkMessage; mine: boolean }) {
  const { t, language } = useText()
  const city = useCity()
  const delivery = useRadio().state.deliveries[message.id]
  const status = message.code ? city.unitStatuses.find((one) => one.code === message.code) : undefined
  return (
    <li className={`message ${mine ? 'is-mine' : ''}`}>
      {mine ? null : <b className="one-line"><bdi>{typeof message.from === 'string' ? message.from : message.from.name}</bdi></b>}
      {message.code ? <span className="chip">{message.code}{status ? ` · ${nameIn(status.name, language, city.languages)}` : ''}</span> : null}
      {message.text ? <p dir="auto">{message.text}</p> : message.code || message.attachments ? null : <p className="muted">{t('talk.messageWithheld')}</p>}
      {(message.attachments ?? []).map((one) => <AttachmentView key={typeof one === 'string' ? one : one.id} of={typeof one === 'string' ? { id: one } : one} />)}
      <small>
        <time dateTime={message.at} title={dayAndClock(message.at, language, city.timeZone)}>{clock(message.at, language, city.timeZone).slice(0, 5)}</time>
        {mine ? <Ticks state={delivery ?? 'stored'} /> : null}
      </small>
    </li>
  )
}

/** One tick: the server has it. Two: the other's device. Two and a line: it was read. The word is there for readers and on hovering. */
function Ticks({ state }: { state: 'stored' | 'delivered' | 'read' }) {
  const { t } = useText()
  return (
    <span className={`ticks is-${state}`} role="img" aria-label={t(`talk.delivery.${state}`)} title={t(`talk.delivery.${state}`)}>
      <svg viewBox="0 0 20 12" aria-hidden="true"><path d="M1 6l3.500 4L11 2" />{state === 'stored' ? null : <path d="M8 8.500L9.500 10 16 2" />}{state === 'read' ? <path d="M1 11.500h15" /> : null}</svg>
    </span>
  )
}

function AttachmentView({ of }: { of: Attachment }) {
  const { t } = useText()
  const address = `/api/talk/attachments/${encodeURIComponent(of.id)}${radio.unit ? `?unit=${encodeURIComponent(radio.unit)}` : ''}`
  const name = of.name ?? t('talk.attachment')
  if (of.id === '') return <span className="chip"><Icon name="clip" /><bdi>{name}</bdi></span>
  if (of.type?.startsWith('image/')) return <a href={address} target="_blank" rel="noreferrer"><img className="message-picture" src={address} alt={name} loading="lazy" /></a>
  if (of.type?.startsWith('audio/')) return <audio controls preload="none" src={address} aria-label={name} />
  if (of.type?.startsWith('video/')) return <video className="message-picture" controls preload="none" src={address} aria-label={name} />
  return <a className="link" href={address} download={of.name}><Icon name="clip" /><bdi>{name}</bdi></a>
}

function Pending({ message, person }: { message: Waiting; person: string }) {
  const { t } = useText()
  return (
    <li className={`message is-mine is-pending ${message.fault ? 'is-faulty' : ''}`}>
      {message.code ? <span className="chip">{message.code}</span> : null}
      {message.text ? <p dir="auto">{message.text}</p> : null}
      {message.files.map((file, at) => <span key={at} className="chip"><Icon name="clip" /><bdi>{file.name}</bdi></span>)}
      {message.fault ? (
        <small className="field-error"><Icon name="alert" /><bdi>{message.fault}</bdi>
          <button type="button" className="link" onClick={() => void outbox.again(message.id, person)}>{t('actions.retry')}</button>
          <button type="button" className="link" onClick={() => void outbox.drop(message.id)}>{t('talk.dropMessage')}</button>
        </small>
      ) : <small><Icon name="wait" />{t('talk.waits')}</small>}
    </li>
  )
}

function Composer({ to, person }: { to: string; person: string }) {
  const { t, language } = useText()
  const city = useCity()
  const [text, setText] = useState('')
  const [code, setCode] = useState('')
  const [files, setFiles] = useState<readonly OutFile[]>([])
  const field = useRef<HTMLTextAreaElement>(null)
  const picker = useRef<HTMLInputElement>(null)
  useCommand('writeMessage', () => field.current?.focus())
  const empty = text.trim() === '' && code === '' && files.length === 0
  const send = async () => {
    if (empty) return
    try {
      await outbox.add({ person, to, ...(text.trim() ? { text: text.trim() } : {}), ...(code ? { code } : {}), files: [...files] })
      setText('')
      setCode('')
      setFiles([])
      void outbox.send(person)
    } catch (full) {
      showToast({ tone: 'failed', text: t('talk.notKept'), detail: String(full), actions: [] }, null)
    }
  }
  const take = async (list: FileList | null) => {
    const taken = await Promise.all([...(list ?? [])].slice(0, mostFiles).map(smaller))
    const fit = taken.filter((one) => one.blob.size <= mostBytes)
    if (fit.length < taken.length) tellRefusal(t('talk.fileTooLarge'))
    setFiles((old) => [...old, ...fit].slice(0, mostFiles))
  }
  return (
    <form className="composer" onSubmit={(event) => { event.preventDefault(); void send() }}>
      {files.length > 0 ? <p className="chips">{files.map((file, at) => <button key={at} type="button" className="chip" aria-label={t('talk.takeOut', { name: file.name })} onClick={() => setFiles((old) => old.filter((_, each) => each !== at))}><Icon name="clip" /><bdi>{file.name}</bdi><Icon name="close" /></button>)}</p> : null}
      <div className="composer-line">
        <input ref={picker} className="sr-only" type="file" multiple accept="image/*,audio/*,video/*,application/pdf,text/*" tabIndex={-1} aria-hidden="true" onChange={(event) => { void take(event.target.files); event.target.value = '' }} />
        <button type="button" className="button is-bare" aria-label={t('talk.attach')} title={t('talk.attach')} onClick={() => picker.current?.click()}><Icon name="clip" /></button>
        <label className="select"><span className="sr-only">{t('talk.statusCode')}</span>
          <select value={code} onChange={(event) => setCode(event.target.value)}>
            <option value="">{t('talk.noCode')}</option>
            {city.unitStatuses.map((one) => <option key={one.code} value={one.code}>{`${one.code} · ${nameIn(one.name, language, city.languages)}`}</option>)}
          </select>
        </label>
        <label className="note-field"><span className="sr-only">{t('talk.message')}</span>
          <textarea
            ref={field} className="input" rows={1} dir="auto" maxLength={4_000} value={text} placeholder={t('talk.message')} onChange={(event) => setText(event.target.value)}
            onPaste={(event) => { if (event.clipboardData.files.length > 0) { event.preventDefault(); void take(event.clipboardData.files) } }}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) { event.preventDefault(); void send() }
              if (event.key === 'Escape') { event.stopPropagation(); field.current?.blur() }
            }}
          />{text === '' ? <Keys command="writeMessage" /> : null}
        </label>
        <button type="submit" className="button" disabled={empty} aria-label={t('talk.send')}><Icon name="send" /></button>
      </div>
    </form>
  )
}
