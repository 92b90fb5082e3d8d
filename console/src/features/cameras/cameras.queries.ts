import { queryOptions } from '@tanstack/react-query'
import { fetchAll, request } from '../../api/http'
import { cacheKeys } from '../../api/keys'
import type { Camera } from '../../api/types'
import { fetchedWithChanges, patchCameras } from '../../live'

export const camerasQuery = queryOptions({
  queryKey: cacheKeys.cameras,
  queryFn: ({ signal }) => fetchedWithChanges('Camera', () => fetchAll<Camera>('/api/video/cameras?limit=500', signal), patchCameras),
  staleTime: Number.POSITIVE_INFINITY,
})

/** One camera with its figures, which the stream of changes does not carry. */
export const cameraQuery = (id: string) =>
  queryOptions({
    queryKey: [...cacheKeys.cameras, 'one', id],
    queryFn: ({ signal }) => request<Camera>('GET', `/api/video/cameras/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: 5_000,
  })
