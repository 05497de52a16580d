import { posix } from 'node:path';

/**
 * Whether a name ends as those of segments do: with a number or a time (livekit/egress, `pkg/pipeline/builder/segment.go`, and
 * the embedded egress).
 */
const isSegment = (key: string): boolean => /_\d+\.ts$/.test(key);

/**
 * Keys of the segments that a playlist names. They lie relative to it. Pure.
 *
 * @param options.key of the playlist
 */
export function playlistKeys({ key, text }: { key: string; text: string }): readonly string[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line !== '' && !line.startsWith('#') && isSegment(line))
    .filter((line) => !line.startsWith('/') && !line.includes('://') && !line.split('/').includes('..'))
    .map((line) => posix.join(posix.dirname(key), line));
}

/**
 * Keys of the files, segments and images that a manifest of upstream names (livekit/egress, `pkg/config/manifest.go`). Pure.
 *
 * @param options.key of the manifest, for what is said of it
 * @throws Error where it is none, or that of another recording
 */
export function manifestKeys(options: { key: string; text: string; egressId: string }): readonly string[] {
  const { key, text, egressId } = options;
  const manifest = parsed(text);
  if (!isRecord(manifest) || manifest.egress_id !== egressId)
    throw new Error(`${key} is not the manifest of recording ${egressId}`);
  const segments = itemsOf(manifest, 'playlists').flatMap((playlist) => itemsOf(playlist, 'segments'));
  return [...itemsOf(manifest, 'files'), ...segments, ...itemsOf(manifest, 'images')].flatMap(
    ({ filename }) => (typeof filename === 'string' && filename !== '' ? [filename] : []),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

function itemsOf(from: Readonly<Record<string, unknown>>, name: string) {
  const items = from[name];
  return Array.isArray(items) ? items.filter(isRecord) : [];
}
