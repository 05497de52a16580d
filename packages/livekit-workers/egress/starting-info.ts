import { EgressInfo, EgressSourceType, EgressStatus as Status } from '@livekit/protocol';
import type { Nanoseconds } from '../rpc/time.ts';
import type { NameParts } from './file-name.ts';
import { expectedFile, shownFile } from './file-output.ts';
import { type Shown, showAll } from './output.ts';
import type { Plan } from './planned.ts';
import type { SourceFacts } from './recording.ts';
import { expectedSegments, shownSegments } from './segments-output.ts';
import { streamsOutput } from './streams-output.ts';

/**
 * What the API shows of an egress that is about to begin: since when, and the names of what it will make, as far as they are known
 * by the request alone.
 *
 * @param options.at the time now
 */
export function startingInfo(options: {
  egressId: string;
  roomId: string;
  plan: Plan;
  at: Nanoseconds;
}): EgressInfo {
  const { egressId, roomId, plan, at } = options;
  const info = new EgressInfo({
    egressId,
    roomId,
    roomName: plan.roomName,
    sourceType: EgressSourceType.SDK,
    status: Status.EGRESS_STARTING,
    startedAt: at,
    updatedAt: at,
    request: plan.shown,
  });
  const { file, segments, streams } = plan.outputs;
  const parts = namePartsOf(info);
  const outputs: readonly (Shown | undefined)[] = [
    file && shownFile(expectedFile(file, parts)),
    segments && shownSegments(expectedSegments(segments, parts)),
    streams && streamsOutput(streams.urls),
  ];
  showAll(
    info,
    outputs.filter((output) => output !== undefined),
  );
  return info;
}

const unknown: SourceFacts = { publisherIdentity: '', trackId: '', trackType: '', trackSource: '' };

/** What names are made of; their time is that of the egress's start, whenever there is something to record. */
export const namePartsOf = (
  { roomName, roomId, startedAt }: Pick<EgressInfo, 'roomName' | 'roomId' | 'startedAt'>,
  facts = unknown,
): NameParts => ({ ...facts, roomName, roomId, at: new Date(Number(startedAt / 1_000_000n)) });
