import type { Source } from './recording.ts';
import type { RoomTracks } from './room-tracks.ts';

/** Whether what is recorded is gone for good, once the recording has begun. */
export function isSourceGone(source: Source, room: Pick<RoomTracks, 'has' | 'wanted'>): boolean {
  switch (source.kind) {
    case 'room':
      return false;
    case 'participant':
      return !room.has(source.identity);
    case 'track':
    case 'tracks':
      return room.wanted().length === 0;
    case 'media': {
      const { video, audio } = source;
      if (video && 'identity' in video) return !room.has(video.identity);
      if (video) return !room.wanted().some(({ kind }) => kind === 'video');
      // Everybody's sound ends with the room.
      return audio !== 'all' && room.wanted().length === 0;
    }
  }
}
