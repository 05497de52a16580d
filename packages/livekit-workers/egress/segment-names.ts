import { posix } from 'node:path';
import { SegmentedFileSuffix as Suffix } from '@livekit/protocol';
import { cleaned, compact, filled, identifierOf, type NameParts } from './file-name.ts';
import { invalid } from './refusal.ts';

/** What a request says of names, still with its `{placeholders}`. */
export type SegmentTemplates = { prefix: string; playlist: string; livePlaylist: string; hasTimes: boolean };

/** Names of the objects of a segmented recording. */
export type SegmentNames = {
  /** Folder of all of them: empty, or with a slash at its end. */
  folder: string;
  playlist: string;
  /** Absent: there is none. */
  livePlaylist?: string;
  /** In front of the number or time of each segment; may have a folder of its own. */
  prefix: string;
  hasTimes: boolean;
};

const extension = '.m3u8';

/**
 * As upstream makes them (livekit/egress, `output_segment.go`): what is not named has the name of the other, or that of the room.
 *
 * @throws RpcError `invalid_argument` where the playlists do not fit to each other
 */
export function segmentNames(options: { templates: SegmentTemplates; parts: NameParts }): SegmentNames {
  const { templates, parts } = options;
  const { hasTimes } = templates;
  const split = (template: string): [folder: string, name: string] => {
    const name = filled(cleaned(template), parts);
    const slash = name.lastIndexOf('/') + 1;
    return [name.slice(0, slash), name.slice(slash)];
  };
  let [folder, playlistName] = split(templates.playlist);
  const [liveFolder, liveName] = split(templates.livePlaylist);
  let [prefixFolder, prefix] = split(templates.prefix);
  if (liveFolder !== '' && liveFolder !== folder)
    throw invalid('live_playlist_name must be in same directory as playlist_name');
  if (folder === '' || folder === prefixFolder) {
    folder ||= prefixFolder;
    prefixFolder = '';
  }
  const named = withoutExtension(playlistName) || prefix || `${identifierOf(parts)}-${compact(parts.at)}`;
  playlistName = `${named}${extension}`;
  const live = liveName === '' ? undefined : `${withoutExtension(liveName)}${extension}`;
  if (live === playlistName) throw invalid('live_playlist_name cannot be identical to playlist_name');
  prefix ||= named;
  return {
    folder,
    playlist: playlistName,
    ...(live ? { livePlaylist: live } : {}),
    prefix: `${prefixFolder}${prefix}`,
    hasTimes,
  };
}

/** Name of one segment, as the playlist has it. @param options.at when it begins */
export function segmentName(options: { names: SegmentNames; index: number; at: Date }): string {
  const { names, index, at } = options;
  const suffix = names.hasTimes ? at.toISOString().replace(/\D/g, '') : String(index).padStart(5, '0');
  return `${names.prefix}_${suffix}.ts`;
}

export const hasTimes = (suffix: Suffix): boolean => suffix === Suffix.TIMESTAMP;

const withoutExtension = (name: string): string => {
  const { name: bare, ext } = posix.parse(name);
  return ext === '' ? name : bare;
};
