import type { TemplateSource } from '@livekit/protocol';
import { invalid, needsUpstream } from './refusal.ts';

/** What is recorded of a room, of which only the grid can be shown. */
export function contentOfRoom(
  request: Pick<TemplateSource, 'audioOnly' | 'videoOnly' | 'customBaseUrl' | 'layout'>,
): { audio: boolean; video: boolean } {
  const { audioOnly, videoOnly, customBaseUrl, layout } = request;
  if (customBaseUrl) throw needsUpstream('a custom template');
  if (layout && !/^grid(-light|-dark)?$/.test(layout))
    throw needsUpstream(`the layout ${JSON.stringify(layout)}`);
  if (audioOnly && videoOnly) throw invalid('audio_only and video_only');
  return { audio: !videoOnly, video: !audioOnly };
}

export function named(roomName: string): string {
  if (!roomName) throw invalid('room_name');
  return roomName;
}
