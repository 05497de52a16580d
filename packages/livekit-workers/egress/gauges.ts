import { cpuLoad, type Gauge } from '../worker/metrics.ts';

/**
 * What the worker shows of itself, by the names of upstream's worker where that has one. What waits in its folder for its
 * bucket is arc's own: upstream's worker keeps nothing.
 *
 * @param options.limit bytes that recordings may take there; infinite where nothing is said
 */
export function gaugesOf(options: {
  running: () => number;
  canAccept: () => boolean;
  bytes: () => number;
  limit: number;
}): readonly Gauge[] {
  const { running, canAccept, bytes, limit } = options;
  const flag = (is: boolean): number => (is ? 1 : 0);
  return [
    {
      name: 'livekit_egress_available',
      help: '1 while nothing is recorded',
      value: () => flag(running() === 0),
    },
    {
      name: 'livekit_egress_can_accept_request',
      help: '1 while another recording would be taken',
      value: () => flag(canAccept()),
    },
    { name: 'livekit_egress_requests', help: 'Recordings that run', value: running },
    { name: 'arc_egress_scratch_bytes', help: 'Bytes that are not in their bucket yet', value: bytes },
    ...(Number.isFinite(limit)
      ? [{ name: 'arc_egress_scratch_limit_bytes', help: 'Bytes that may wait', value: () => limit }]
      : []),
    cpuLoad('EGRESS'),
  ];
}
