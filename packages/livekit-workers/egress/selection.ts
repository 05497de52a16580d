import type { AudioMatch, Source, VideoChoice } from './recording.ts';

/** A track that somebody has published. */
export type Published = {
  sid: string;
  kind: 'audio' | 'video';
  from: 'camera' | 'microphone' | 'screen' | 'screen-audio' | 'unknown';
  identity: string;
  /** LiveKit's number of what the participant is: 0 for people. */
  participantKind: number;
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
      return isScreen(track) === source.screenShare;
    }
    case 'media':
      return track.kind === 'video' ? isChosen(source.video, track) : isHeard(source.audio, track);
  }
}

const isScreen = ({ from }: Published): boolean => from === 'screen' || from === 'screen-audio';

function isChosen(choice: VideoChoice | undefined, track: Published): boolean {
  if (!choice) return false;
  if ('trackId' in choice) return track.sid === choice.trackId;
  return track.identity === choice.identity && isScreen(track) === choice.screenShare;
}

function isHeard(audio: 'all' | readonly AudioMatch[] | undefined, track: Published): boolean {
  if (audio === 'all') return true;
  return (audio ?? []).some((match) => {
    if ('trackId' in match) return track.sid === match.trackId;
    if ('identity' in match) return track.identity === match.identity;
    return track.participantKind === match.participantKind;
  });
}
