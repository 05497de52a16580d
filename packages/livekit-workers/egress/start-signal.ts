import type { RoomTracks } from './room-tracks.ts';
import type { Published } from './selection.ts';

/** How long pictures are waited for that are published and not seen; upstream's. Milliseconds. */
const pictureLimit = 5_000;
/** How long pictures are waited for where there is only sound so far; upstream's. Milliseconds. */
const soundLimit = 500;
const lookEvery = 100;

/**
 * Whether the recording of a room begins of which nothing has been seen or heard: not as long as nobody publishes anything, and
 * then after a time, for whoever has muted themselves is there too.
 *
 * @param options.since milliseconds since there is something published
 */
export function isStartSignal(options: {
  published: readonly Pick<Published, 'kind'>[];
  since: number;
}): boolean {
  const { published, since } = options;
  if (published.length === 0) return false;
  return since > (published.some(({ kind }) => kind === 'video') ? pictureLimit : soundLimit);
}

/** Looks again and again whether somebody publishes. @returns ends it */
export function onStartSignal(room: Pick<RoomTracks, 'published'>, begin: () => void): () => void {
  let publishedAt: number | undefined;
  const looks = setInterval(() => {
    const published = room.published();
    publishedAt = published.length === 0 ? undefined : (publishedAt ?? performance.now());
    const since = publishedAt === undefined ? 0 : performance.now() - publishedAt;
    if (isStartSignal({ published, since })) begin();
  }, lookEvery);
  return () => clearInterval(looks);
}
