import type { Source } from './recording.ts';

/** A track that somebody has published. */
export type Published = {
  sid: string;
  kind: 'audio' | 'video';
  from: 'camera' | 'microphone' | 'screen' | 'screen-audio' | 'unknown';
  identity: string;
};

/** Which of the tracks of a room are recorded. */
export function selected(options: {
  source: Source;
  audio: boolean;
  video: boolean;
  published: readonly Published[];
}): readonly Published[] {
  const { source, audio, video, published } = options;
  const wanted = published.filter((track) => (track.kind === 'audio' ? audio : video) && isOf(source, track));
  if (source.kind === 'room') return wanted;
  // Of one picture and one sound, the first of each: who publishes a second camera does not change the recording.
  const picture = wanted.find(({ kind }) => kind === 'video');
  return wanted.filter((track) => track.kind === 'audio' || track === picture);
}

function isOf(source: Source, track: Published): boolean {
  switch (source.kind) {
    case 'room':
      return true;
    case 'track':
      return track.sid === source.trackId;
    case 'tracks':
      return track.sid === (track.kind === 'audio' ? source.audioTrackId : source.videoTrackId);
    case 'participant': {
      if (track.identity !== source.identity) return false;
      const isScreen = track.from === 'screen' || track.from === 'screen-audio';
      return isScreen === source.screenShare;
    }
  }
}
