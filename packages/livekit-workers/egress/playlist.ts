/** A segment as a playlist has it. Length in seconds. */
export type PlaylistEntry = { name: string; at: Date; seconds: number };

/** Segments in the playlist of those who watch while it is recorded; upstream's. */
const liveWindow = 5;

/**
 * An HLS playlist with the lines that upstream writes (livekit/egress, `m3u8/writer.go`).
 *
 * @param options.isLive the latest segments only, and otherwise all of them
 * @param options.longest length that is asked for, in seconds
 * @param options.isOver nothing comes any more
 */
export function playlistText(options: {
  entries: readonly PlaylistEntry[];
  isLive: boolean;
  longest: number;
  isOver: boolean;
}): string {
  const { entries, isLive, longest, isOver } = options;
  const shown = isLive ? entries.slice(-liveWindow) : entries;
  // Players give up where a segment is longer than what is announced.
  const target = Math.max(longest, ...shown.map(({ seconds }) => Math.round(seconds)));
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:4',
    ...(isLive ? [] : ['#EXT-X-PLAYLIST-TYPE:EVENT']),
    '#EXT-X-ALLOW-CACHE:NO',
    `#EXT-X-TARGETDURATION:${target}`,
    `#EXT-X-MEDIA-SEQUENCE:${entries.length - shown.length}`,
    ...shown.flatMap(({ name, at, seconds }) => [
      `#EXT-X-PROGRAM-DATE-TIME:${at.toISOString()}`,
      `#EXTINF:${seconds.toFixed(3)},`,
      name,
    ]),
    ...(isOver ? ['#EXT-X-ENDLIST'] : []),
    '',
  ].join('\n');
}
