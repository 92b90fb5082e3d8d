import { describe, expect, test } from 'vitest'
import { emptyWall, filled, hung, pressed, readWall, resized, shownPlaces, taken, type Wall, writeWall } from './wall'

const keys = (wall: Wall, ...pressedKeys: string[]) => pressedKeys.reduce((held, key) => pressed(held, key) ?? held, wall)

describe('the wall', () => {
  const wall = ['a', 'b', 'c', 'd'].reduce((held, camera) => hung(held, camera), emptyWall)

  test('hangs cameras at free places first, and never the same one twice', () => {
    expect(wall.places.slice(0, 5)).toEqual(['a', 'b', 'c', 'd', null])
    expect(hung(wall, 'b').active).toBe(1)
    expect(hung(wall, 'b').places.filter((one) => one === 'b')).toHaveLength(1)
    const full = hung({ ...wall, active: 2 }, 'e')
    expect(full.places.slice(0, 4)).toEqual(['a', 'b', 'e', 'd'])
  })
  test('two cameras change places when one is drawn onto the other', () => {
    expect(hung(wall, 'a', 3).places.slice(0, 4)).toEqual(['d', 'b', 'c', 'a'])
  })
  test('arrows go from place to place and stop at the edge', () => {
    expect(keys({ ...wall, active: 0 }, 'ArrowRight', 'ArrowDown').active).toBe(3)
    expect(keys({ ...wall, active: 0 }, 'ArrowLeft', 'ArrowUp').active).toBe(0)
    expect(keys({ ...wall, size: 9, active: 0 }, 'End').active).toBe(8)
    expect(pressed(wall, 'q')).toBeNull()
  })
  test('Enter enlarges a camera and Enter or Escape brings the wall back; an empty place is not enlarged', () => {
    const large = keys({ ...wall, active: 2 }, 'Enter')
    expect(shownPlaces(large)).toEqual([2])
    expect(shownPlaces(keys(large, 'Enter'))).toHaveLength(4)
    expect(shownPlaces(keys(large, 'Escape'))).toHaveLength(4)
    expect(pressed(taken(wall, 1), 'Escape')).toBeNull()
    expect(pressed({ ...taken(wall, 1), active: 1 }, 'Enter')).toBeNull()
  })
  test('a smaller wall keeps the camera one is at in sight and forgets none', () => {
    const small = resized({ ...wall, active: 3 }, 1)
    expect(small.places[small.active]).toBe('d')
    expect([...resized(small, 4).places].filter(Boolean).sort()).toEqual(['a', 'b', 'c', 'd'])
  })
  test('fills what is free and leaves what hangs', () => {
    expect(filled(taken(wall, 1), ['a', 'x', 'y']).places.slice(0, 5)).toEqual(['a', 'x', 'c', 'd', null])
  })
  test('comes back from the address, and nonsense there does no harm', () => {
    expect(readWall(writeWall(taken(wall, 1), (id) => id), (id) => id).places).toEqual(taken(wall, 1).places)
    for (const text of [undefined, '', '5.a', '4.<b>,../..', `16.${'a,'.repeat(99)}`]) expect(readWall(text, (id) => id).places).toHaveLength(16)
    expect(readWall('4.<b>', (id) => id).places[0]).toBeNull()
  })
})
