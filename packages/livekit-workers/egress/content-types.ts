import type { Container } from './recording.ts';

/** What a bucket tells those who fetch an object. */
export const contentTypes: Readonly<Record<Container | 'segment' | 'playlist', string>> = {
  mp4: 'video/mp4',
  ogg: 'audio/ogg',
  webm: 'video/webm',
  mp3: 'audio/mpeg',
  segment: 'video/mp2t',
  playlist: 'application/x-mpegurl',
};
