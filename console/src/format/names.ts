import type { Names } from '../api/types'

/** The name in the reader's language, else in the city's first, else in any. */
export function nameIn(name: Names | string | undefined | null, language: string, cityLanguages: readonly string[] = []): string {
  if (name === undefined || name === null) return ''
  if (typeof name === 'string') return name
  for (const tag of [language, language.split('-')[0] ?? language, ...cityLanguages]) {
    const found = name[tag]
    if (found) return found
  }
  return Object.values(name)[0] ?? ''
}
