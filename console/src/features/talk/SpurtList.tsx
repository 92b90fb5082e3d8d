import { useQuery } from '@tanstack/react-query'
import { Refused } from '../../api/http'
import { useText } from '../../i18n'
import { Failure, Notice, Skeleton } from '../../ui'
import { SpurtRow } from './SpurtRow'
import { type SpurtsOf, spurtsQuery } from './talk.queries'

export function SpurtList({ of, showGroup = false }: { of: SpurtsOf; showGroup?: boolean }) {
  const { t } = useText()
  const spurts = useQuery(spurtsQuery(of))
  if (spurts.isPending) return <Skeleton rows={3} />
  if (spurts.isError && !spurts.data) return isAbsent(spurts.error) ? <Notice icon="search" title={t('talk.noReplay')} /> : <Failure title={t('talk.spurtsFailed')} error={spurts.error} retry={() => void spurts.refetch()} />
  if (spurts.data?.length === 0) return <p className="muted">{t('talk.noSpurts')}</p>
  return <ol className="spurts" aria-label={t('talk.spurts')}>{spurts.data?.map((one) => <SpurtRow key={one.id} spurt={one} showGroup={showGroup} />)}</ol>
}

/** A server that does not have this door. */
export function isAbsent(error: unknown): boolean {
  return error instanceof Refused && error.problem.status === 404
}
