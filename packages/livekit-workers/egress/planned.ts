import type { EgressInfo } from '@livekit/protocol';
import type { PlannedOutputs } from './plan-outputs.ts';
import type { Recording } from './recording.ts';

/** What a request asks for. */
export type Plan = Pick<Recording, 'source' | 'audio' | 'video' | 'encoding'> & {
  roomName: string;
  outputs: PlannedOutputs;
  /** The request without its secrets, as the API shows it. */
  shown: EgressInfo['request'];
};
