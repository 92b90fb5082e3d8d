import { expect, test } from 'vitest'
import { onwardOf } from './onward'

const asked = (wanted: string) => onwardOf(`?continue=${encodeURIComponent(wanted)}`)

test('goes on only to the authorization door of this server', () => {
  expect(asked('/oauth2/authorize?client_id=a&state=b%26c')).toBe('/oauth2/authorize?client_id=a&state=b%26c')
  expect(asked('/oauth2/authorize')).toBe('/oauth2/authorize')
})
test.each(['https://elsewhere.example/oauth2/authorize', '//elsewhere.example/oauth2/authorize', '/oauth2/authorize/../../api/session', '/oauth2/authorizeX', '/system', 'javascript:alert(1)', '/oauth2\\authorize', ''])('not to "%s"', (wanted) => {
  expect(asked(wanted)).toBeNull()
})
test('without a wish there is nowhere to go', () => expect(onwardOf('?incident=x')).toBeNull())
