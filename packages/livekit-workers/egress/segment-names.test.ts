import { describe, expect, it } from 'vitest';
import { segmentName, segmentNames } from './segment-names.ts';

const at = new Date('2026-11-21T19:06:15.042Z');
const parts = {
  ...{ roomName: 'studio', roomId: 'RM_1', at },
  ...{ publisherIdentity: 'alice', trackId: '', trackType: '', trackSource: '' },
};
const names = (templates: { prefix?: string; playlist?: string; livePlaylist?: string }) =>
  segmentNames({
    templates: { prefix: '', playlist: '', livePlaylist: '', hasTimes: false, ...templates },
    parts,
  });

describe('names of a segmented recording', () => {
  it('are those that are asked for, filled in', () => {
    expect(
      names({ prefix: 'a/{room_name}', playlist: 'a/{publisher_identity}.m3u8', livePlaylist: 'live' }),
    ).toEqual({
      folder: 'a/',
      playlist: 'alice.m3u8',
      livePlaylist: 'live.m3u8',
      prefix: 'studio',
      hasTimes: false,
    });
  });

  it('come from each other where only one is said', () => {
    expect(names({ prefix: 'a/b' })).toMatchObject({ folder: 'a/', playlist: 'b.m3u8', prefix: 'b' });
    expect(names({ playlist: 'a/b.ts' })).toMatchObject({ folder: 'a/', playlist: 'b.m3u8', prefix: 'b' });
  });

  it('come from the room and the time where nothing is said, and there is no live playlist', () => {
    expect(names({})).toEqual({
      folder: '',
      playlist: 'studio-2026-11-21T190615.m3u8',
      prefix: 'studio-2026-11-21T190615',
      hasTimes: false,
    });
  });

  it('have segments in a folder below that of the playlist', () => {
    expect(names({ prefix: 'parts/p', playlist: 'a/b' })).toMatchObject({ folder: 'a/', prefix: 'parts/p' });
  });

  it.each([
    [{ playlist: 'a/b', livePlaylist: 'c/d' }, 'must be in same directory'],
    [{ playlist: 'b', livePlaylist: 'b.m3u8' }, 'cannot be identical'],
  ])('%j are refused', (templates, words) => {
    expect(() => names(templates)).toThrow(words);
  });

  it('of segments have a number or the time', () => {
    expect(segmentName({ names: names({ prefix: 'a' }), index: 7, at })).toBe('a_00007.ts');
    expect(segmentName({ names: { ...names({ prefix: 'a' }), hasTimes: true }, index: 7, at })).toBe(
      'a_20261121190615042.ts',
    );
  });
});
