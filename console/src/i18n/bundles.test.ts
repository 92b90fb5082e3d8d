import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const languages = ['en', 'fr', 'es', 'zh', 'ar'] as const
const bundle = (language: string) => flat(JSON.parse(readFileSync(new URL(`./${language}.json`, import.meta.url), 'utf8')))

function flat(node: unknown, path = ''): Map<string, string> {
  if (typeof node === 'string') return new Map([[path, node]])
  return new Map(Object.entries(node as object).flatMap(([name, value]) => [...flat(value, path ? `${path}.${name}` : name)]))
}

const plural = /_(zero|one|two|few|many|other)$/
const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort()
const english = bundle('en')
const stems = [...new Set([...english.keys()].map((key) => key.replace(plural, '')))]

describe.each(languages)('the %s bundle', (language) => {
  const texts = bundle(language)
  const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories

  test('has every text, in every plural form the language needs, and none beyond', () => {
    const wanted = stems.flatMap((stem) => (english.has(stem) ? [stem] : forms.map((form) => `${stem}_${form}`)))
    expect([...texts.keys()].sort()).toEqual(wanted.sort())
  })
  test('says something in each', () => {
    for (const [key, text] of texts) expect(text.trim(), key).not.toBe('')
  })
  test('fills the same places as the English text', () => {
    for (const [key, text] of texts) {
      const stem = key.replace(plural, '')
      const model = english.get(stem) ?? english.get(`${stem}_other`) ?? ''
      // A form for exactly one or two may say so in words.
      const wordy = /_(zero|one|two)$/.test(key)
      if (!wordy) expect(placeholders(text), key).toEqual(placeholders(model))
    }
  })
})

test('no text stands in the code: JSX holds no words', () => {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const files = readdirSync(root, { recursive: true }).map(String).filter((name) => name.endsWith('.tsx'))
  const words: string[] = []
  for (const file of files) {
    const source = readFileSync(`${root}/${file}`, 'utf8')
    // Names of keys are the same in every language.
    for (const match of source.matchAll(/<(?!kbd)[a-zA-Z][^<>]*>\s*([A-Za-z][a-z]{2,}[^<>{}]*)<\//g)) words.push(`${file}: ${match[1]}`)
    for (const match of source.matchAll(/(?:aria-label|placeholder|title|alt)="([A-Za-z][^"]*)"/g)) words.push(`${file}: ${match[1]}`)
  }
  expect(files.length).toBeGreaterThan(20)
  expect(words).toEqual([])
})
