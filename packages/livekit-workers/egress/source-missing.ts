import type { AudioMatch, Source } from './recording.ts';
import type { RoomTracks } from './room-tracks.ts';

/** What is named in a source and not in the room, in upstream's words. A recording does not begin without it. */
export function missingIn(source: Source, room: Pick<RoomTracks, 'has' | 'wanted'>): string | undefined {
  const { tracks, participants } = namedIn(source);
  const participant = participants.find((identity) => !room.has(identity));
  if (participant !== undefined) return `participant ${participant} not found`;
  const there = new Set(room.wanted().map(({ sid }) => sid));
  const track = tracks.find((id) => !there.has(id));
  return track === undefined ? undefined : `track ${track} not found`;
}

function namedIn(source: Source): { tracks: readonly string[]; participants: readonly string[] } {
  switch (source.kind) {
    case 'room':
      return { tracks: [], participants: [] };
    case 'participant':
      return { tracks: [], participants: [source.identity] };
    case 'track':
      return { tracks: [source.trackId], participants: [] };
    case 'tracks': {
      const { audioTrackId, videoTrackId } = source;
      const tracks = [audioTrackId, videoTrackId].filter((id) => id !== undefined);
      return { tracks, participants: [] };
    }
    case 'media': {
      const { video, audio } = source;
      const heard: readonly AudioMatch[] = audio === undefined || audio === 'all' ? [] : audio;
      const chosen = [...(video ? [video] : []), ...heard];
      return {
        tracks: chosen.flatMap((each) => ('trackId' in each ? [each.trackId] : [])),
        participants: chosen.flatMap((each) => ('identity' in each ? [each.identity] : [])),
      };
    }
  }
}
