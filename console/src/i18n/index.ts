import i18next, { type TFunction } from 'i18next'
import { initReactI18next, useTranslation } from 'react-i18next'
import { type Language, onPreferences, presentPreferences } from '../commands'
import type en from './en.json'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof en }
  }
}

export type T = TFunction

const bundles = import.meta.glob<{ default: typeof en }>(['./en.json', './fr.json', './es.json', './zh.json', './ar.json'])

async function load(language: Language): Promise<void> {
  const bundle = await bundles[`./${language}.json`]?.()
  if (bundle) i18next.addResourceBundle(language, 'translation', bundle.default, true, true)
}

/** The tag by which numbers and dates are written. */
export function localeOf(language: Language): string {
  return language === 'zh' ? 'zh-CN' : language
}

export function directionOf(language: Language): 'ltr' | 'rtl' {
  return language === 'ar' ? 'rtl' : 'ltr'
}

async function speak(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, 'translation')) await load(language)
  await i18next.changeLanguage(language)
  document.documentElement.lang = localeOf(language)
  document.documentElement.dir = directionOf(language)
}

/** Starts in the preferred language and follows the preference. */
export async function startLanguage(): Promise<void> {
  const { language } = presentPreferences()
  await i18next.use(initReactI18next).init({
    lng: language,
    resources: {},
    interpolation: { escapeValue: false },
    returnNull: false,
  })
  await speak(language)
  onPreferences(() => {
    const wished = presentPreferences().language
    if (wished !== i18next.language) void speak(wished)
  })
}

/** Texts, and the tag for numbers and dates. */
export function useText(): { t: T; language: string } {
  const { t, i18n } = useTranslation()
  return { t, language: localeOf((i18n.language as Language) ?? 'en') }
}

/** Texts outside of components: toasts of actions that outlive their part. */
export function textNow(): T {
  return i18next.t
}
