import { describe, expect, it } from 'vitest';
import type { Recording } from '../../providers/recordings.ts';
import { judgeOf } from './judge-recordings.ts';

const recording: Recording = {
  id: 'EG_1',
  room: 'demo',
  isRunning: false,
  files: [],
  lists: [],
  resembles: () => false,
};
const lines = (text: string): readonly string[] => text.split('\n');
const list = (key: string) => ({ key, keysIn: lines });

describe('what is done about an object', () => {
  const judge = judgeOf({
    user: 'ada',
    rooms: ['demo', 'desk', 'a+b'],
    known: [
      {
        ...recording,
        of: 'ada',
        files: ['a/1.mp4', 'twice.mp4', 'again.mp4', 'both.mp4'],
        lists: [list('a/list'), list('a/lost')],
        resembles: (key) => /^(a\/seg|demo)_\d+\.ts$/.test(key),
      },
      { ...recording, of: 'bob', files: ['demo-ada.mp4', 'demo_7.ts', 'twice.mp4'] },
      { ...recording, of: 'bob', lists: [list('b/list')], resembles: (key) => key.startsWith('b/') },
      { ...recording, of: 'ada', files: ['a/3.mp4', 'again.mp4'], isRunning: true },
      { ...recording, files: ['free/4.mp4', 'both.mp4'], resembles: (key) => key.startsWith('free/seg_') },
      { ...recording, room: 'other', files: ['other-ada-5.mp4'] },
    ],
    texts: new Map([
      ['a/list', ['a/seg_1.ts\nb/shared_1.ts', 'a/seg_2.ts']],
      ['b/list', ['b/shared_1.ts\nada/b_1.ts']],
    ]),
  });

  it.each([
    ['a/1.mp4', 'a recording of this user alone', 'remove'],
    ['a/list', 'a playlist of theirs', 'remove'],
    ['a/lost', 'one that could not be read, because it is not there', 'remove'],
    ['a/seg_1.ts', 'a segment in it', 'remove'],
    ['a/seg_2.ts', 'a segment of it in another bucket', 'remove'],
    ['a/seg_3.ts', 'one with such a name that is not in it', 'name'],
    ['a/20.mp4', 'another one whose name begins like theirs', 'keep'],
    ['a/3.mp4', 'a recording of theirs that runs', 'keep'],
    ['again.mp4', 'one whose name a running one has, too', 'name'],
    ['twice.mp4', 'one whose name another has, too', 'name'],
    ['both.mp4', 'one whose name a recording of a room of theirs has, too', 'name'],
    ['b/shared_1.ts', 'a segment that is in the playlist of another, too', 'name'],
    ['ada/b_1.ts', 'a segment of another with their id in its name', 'keep'],
    ['b/list', 'the playlist of another', 'keep'],
    ['b/other_1.ts', 'a segment like those of another', 'keep'],
    ['demo_7.ts', 'a recording of somebody else whose name is like those of their segments', 'keep'],
    ['demo_8.ts', 'nobody knows whose, with such a name', 'name'],
    ['demo-ada.mp4', 'a recording of somebody else in the same room', 'keep'],
    ['free/4.mp4', 'a recording of a room that they were in', 'name'],
    ['free/seg_1.ts', 'a segment like those of it', 'name'],
    ['other-ada-5.mp4', 'a recording of a room that they were not in', 'keep'],
    ['demo-2026-11-30T190000.mp4', 'an old one by the name of such a room', 'name'],
    ['demo_2026.mp4', 'an old one by that name and another sign', 'name'],
    ['x/desk-2026-11-30T190000.mp4', 'the same in a folder', 'name'],
    ['x/demo/1.mp4', 'an old one in a folder of such a room within another', 'name'],
    ['a+b/1.mp4', 'an old one of a room whose name has a sign', 'name'],
    ['aab/1.mp4', 'one that this sign does not stand for', 'keep'],
    ['ada/2026.mp4', 'an old one with their id in its name', 'name'],
    ['x_ada.mp4', 'an old one that ends with their id', 'name'],
    ['adam/2026.mp4', 'an old one of somebody whose id begins like theirs', 'keep'],
    ['demolition-2026.mp4', 'an old one of a room whose name begins like one of theirs', 'keep'],
  ])('%s: %s (%s)', (key, _, verdict) => {
    expect(judge(key)).toBe(verdict);
  });

  it.each([
    'ada-lovelace',
    'ada_lovelace',
    'ada.lovelace@example.com',
    '9b2f0c1e-6f0a-4c55-8f58-3f0f2f0a7c11',
  ])('names an old one of %s by the whole id', (user) => {
    const verdictOn = judgeOf({ user, rooms: [], known: [], texts: new Map() });
    expect(verdictOn(`x/${user}-2026.mp4`)).toBe('name');
    expect(verdictOn(`${user}.mp4`)).toBe('name');
    expect(verdictOn(`x/${user}s-2026.mp4`)).toBe('keep');
    expect(verdictOn('ada-2026.mp4')).toBe('keep');
  });

  it('takes nothing of Bob whose file begins like a playlist of Ada', () => {
    const verdictOn = judgeOf({
      user: 'ada',
      rooms: ['demo'],
      known: [
        {
          ...recording,
          of: 'ada',
          lists: [list('demo.m3u8')],
          resembles: (key) => /^demo_\d+\.ts$/.test(key),
        },
        { ...recording, of: 'bob', files: ['demo_bob.mp4'] },
      ],
      texts: new Map([['demo.m3u8', ['demo_00000.ts']]]),
    });
    expect(verdictOn('demo_bob.mp4')).toBe('keep');
    expect(verdictOn('demo_2026.mp4')).toBe('name');
    expect(verdictOn('demo_00000.ts')).toBe('remove');
  });

  it('fails where a list is not what it should be', () => {
    const broken = () => {
      throw new Error('no manifest');
    };
    expect(() =>
      judgeOf({
        user: 'ada',
        rooms: [],
        known: [{ ...recording, of: 'ada', lists: [{ key: 'a.json', keysIn: broken }] }],
        texts: new Map([['a.json', ['x']]]),
      }),
    ).toThrow('no manifest');
  });
});
