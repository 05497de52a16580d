import { posix } from 'node:path';
import type { Container, SourceFacts } from './recording.ts';

/** What a name is made of. */
export type NameParts = SourceFacts & { roomName: string; roomId: string; at: Date };

const extensions: Readonly<Record<Container, string>> = {
  mp4: '.mp4',
  ogg: '.ogg',
  webm: '.webm',
  mp3: '.mp3',
};
/** What upstream takes for an extension, and replaces where it is the wrong one. */
const known = ['.raw', '.ogg', '.ivf', '.mp4', '.ts', '.webm', '.m3u8', '.mp3'];

/**
 * Name of the object, as upstream makes it from the request's: `{room_name}` and its kin are filled in, an empty one or a folder
 * gets the room's name, or the track's, and the time, the extension is that of the container, and no name leads out of the bucket.
 */
export function objectName(options: { template: string; parts: NameParts; container: Container }): string {
  const { template, parts, container } = options;
  const extension = extensions[container];
  const name = filled(cleaned(template), parts);
  if (name === '' || name.endsWith('/'))
    return `${name}${identifierOf(parts)}-${compact(parts.at)}${extension}`;
  if (name.endsWith(extension)) return name;
  const present = posix.extname(name);
  return `${known.includes(present) ? name.slice(0, -present.length) : name}${extension}`;
}

/** What a recording is named after where its request names nothing: a track alone after itself, everything else after its room. */
export const identifierOf = (parts: NameParts): string => parts.trackId || parts.roomName;

/** A path that does not lead out of the bucket. */
export function cleaned(template: string): string {
  if (template === '') return '';
  const name = posix
    .normalize(template)
    .replace(/^(\.\.\/)+/, '')
    .replace(/^\/+/, '');
  return name === '.' || name === '..' || name === './' ? '' : name;
}

/** With the placeholders that are known filled in. */
export function filled(name: string, parts: NameParts): string {
  const values: Readonly<Record<string, string>> = {
    room_name: parts.roomName,
    room_id: parts.roomId,
    time: compact(parts.at),
    utc: parts.at.toISOString().replace(/\D/g, ''),
    publisher_identity: parts.publisherIdentity,
    track_id: parts.trackId,
    track_type: parts.trackType,
    track_source: parts.trackSource,
  };
  // A participant's own words may make folders, but not climb out of them.
  const within = (value: string): string =>
    value
      .split('/')
      .filter((part) => part !== '..' && part !== '.')
      .join('/');
  return name.replace(/\{([a-z_]+)\}/g, (whole, key: string) => within(values[key] ?? '') || whole);
}

/** `2026-11-21T190615` */
export const compact = (at: Date): string => at.toISOString().slice(0, 19).replaceAll(':', '');
