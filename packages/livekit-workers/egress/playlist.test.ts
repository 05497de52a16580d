import { describe, expect, it } from 'vitest';
import { playlistText } from './playlist.ts';

const entries = Array.from({ length: 7 }, (_, index) => ({
  name: `a_0000${index}.ts`,
  at: new Date(Date.UTC(2026, 10, 21, 19, 0, index * 4)),
  seconds: 4,
}));

describe('a playlist', () => {
  it('has all segments, with their times', () => {
    expect(
      playlistText({ entries: entries.slice(0, 2), isLive: false, longest: 4, isOver: true }),
    ).toBe(`#EXTM3U
#EXT-X-VERSION:4
#EXT-X-PLAYLIST-TYPE:EVENT
#EXT-X-ALLOW-CACHE:NO
#EXT-X-TARGETDURATION:4
#EXT-X-MEDIA-SEQUENCE:0
#EXT-X-PROGRAM-DATE-TIME:2026-11-21T19:00:00.000Z
#EXTINF:4.000,
a_00000.ts
#EXT-X-PROGRAM-DATE-TIME:2026-11-21T19:00:04.000Z
#EXTINF:4.000,
a_00001.ts
#EXT-X-ENDLIST
`);
  });

  it('of those who watch now has the last five, and how many were before', () => {
    const text = playlistText({ entries, isLive: true, longest: 4, isOver: false });
    expect(text).toContain('#EXT-X-MEDIA-SEQUENCE:2\n');
    expect(text.match(/\.ts$/gm)).toHaveLength(5);
    expect(text).not.toContain('EVENT');
    expect(text).not.toContain('ENDLIST');
  });

  it('announces as much as its longest segment has', () => {
    const long = [{ name: 'a.ts', at: new Date(0), seconds: 6.6 }];
    expect(playlistText({ entries: long, isLive: false, longest: 4, isOver: false })).toContain(
      'TARGETDURATION:7',
    );
  });
});
