import { posix } from 'node:path';
import type { EgressInfo, ImageOutput, SegmentedFileOutput } from '@livekit/protocol';
import { EgressStatus } from 'livekit-server-sdk';
import { asPattern } from '../../core/as-pattern.ts';
import type { ObjectList, Recording } from '../recordings.ts';
import { manifestKeys, playlistKeys } from './recording-lists.ts';

/** What is read of what the server says of a recording. */
export type RecordingInfo = Pick<
  EgressInfo,
  | 'egressId'
  | 'roomName'
  | 'status'
  | 'request'
  | 'fileResults'
  | 'segmentResults'
  | 'imageResults'
  | 'manifestLocation'
>;

const running: readonly EgressStatus[] = [
  EgressStatus.EGRESS_STARTING,
  EgressStatus.EGRESS_ACTIVE,
  EgressStatus.EGRESS_ENDING,
];

/**
 * Only a participant's recording names who is in it. The server names files and playlists; segments stand in the playlists, and
 * images in the manifest of upstream's egress, which lies beside each of its outputs (`SegmentSink.UploadManifest`). Pure.
 */
export function recordingOf(info: RecordingInfo): Recording {
  const { egressId, roomName, status, request, fileResults, segmentResults, manifestLocation } = info;
  const files = fileResults.map(({ filename }) => filename).filter(isNamed);
  const playlists = segmentResults
    .flatMap(({ playlistName, livePlaylistName }) => [playlistName, livePlaylistName])
    .filter(isNamed);
  const images = info.imageResults.map(({ filenamePrefix }) => filenamePrefix);
  const folders = new Set([...files, ...playlists, ...images].map(folderOf));
  const manifests = manifestLocation === '' ? [] : [...folders].map((folder) => `${folder}${egressId}.json`);
  const lists: readonly ObjectList[] = [
    ...playlists.map((key) => ({ key, keysIn: (text: string) => playlistKeys({ key, text }) })),
    ...manifests.map((key) => ({ key, keysIn: (text: string) => manifestKeys({ key, text, egressId }) })),
  ];
  return {
    id: egressId,
    room: roomName,
    ...(request.case === 'participant' ? { of: request.value.identity } : {}),
    isRunning: running.includes(status),
    files,
    lists,
    resembles: resemblance({ info, playlists, images }),
  };
}

/**
 * Whether a key could be that of a segment or an image. The name alone proves nothing: another recording may begin with the
 * same words.
 */
function resemblance(options: {
  info: RecordingInfo;
  playlists: readonly string[];
  images: readonly string[];
}): (key: string) => boolean {
  const { info, playlists, images } = options;
  const asked = askedFor(info);
  // In a folder alone segments have the name of the playlist, and images that of the room (`output_image.go`).
  const stems = [
    ...playlists.map((name) => asPattern(name.replace(/\.m3u8$/, ''))),
    ...asked.segments
      .map(({ filenamePrefix }) => filenamePrefix)
      .filter(isNamed)
      .map((prefix) => `${withHoles(prefix)}${isFolder(prefix) ? '.+' : ''}`),
  ];
  const segments = stems.map((stem) => new RegExp(`(^|/)${stem}_\\d+\\.ts$`));
  const pictures = [...images, ...asked.images.map(({ filenamePrefix }) => filenamePrefix)]
    .map((prefix) => `${withHoles(prefix)}${isFolder(prefix) ? withHoles('{room_name}-{time}') : ''}`)
    .map((stem) => new RegExp(`(^|/)${stem}(_\\d+)?\\.jpeg$`));
  return (key) => [...segments, ...pictures].some((each) => each.test(key));

  /** What a request says of names, with `{room_name}` and its kin filled in where that is known. */
  function withHoles(template: string): string {
    const known: Readonly<Record<string, string>> = {
      '{room_name}': asPattern(info.roomName),
      '{publisher_identity}':
        info.request.case === 'participant' ? asPattern(info.request.value.identity) : '.+',
      '{time}': '[\\dT-]+',
      '{utc}': '\\d+',
    };
    return (template === '' ? '' : posix.normalize(template))
      .replace(/^(\.\.\/)*\/*/, '')
      .split(/(\{[a-z_]+\})/)
      .map((part, at) => (at % 2 === 0 ? asPattern(part) : (known[part] ?? '.+')))
      .join('');
  }
}

/** The outputs of a request, in its older shape too. */
function askedFor({ request }: RecordingInfo): {
  segments: readonly SegmentedFileOutput[];
  images: readonly ImageOutput[];
} {
  switch (request.case) {
    case 'roomComposite':
    case 'web':
    case 'trackComposite': {
      const { output, segmentOutputs, imageOutputs } = request.value;
      const segments = output.case === 'segments' ? [output.value, ...segmentOutputs] : segmentOutputs;
      return { segments, images: imageOutputs };
    }
    case 'participant':
      return { segments: request.value.segmentOutputs, images: request.value.imageOutputs };
    case 'egress':
    case 'replay':
    case 'track':
    case undefined:
      return { segments: [], images: [] };
    default:
      return request satisfies never;
  }
}

const isNamed = (name: string): boolean => name !== '';
const isFolder = (name: string): boolean => name === '' || name.endsWith('/');
const folderOf = (key: string): string => key.slice(0, key.lastIndexOf('/') + 1);
