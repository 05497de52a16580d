import { afterAll, beforeAll, expect, it } from 'vitest';
import { validEventsOf } from '../support/events-schema.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ settings: { media: 'mux' } });
  await stage.succeed(['up', 'realtime', 'traces', '--bases', 'local', '--yes']);
}, 400_000);
afterAll(() => stage?.close());

it('calls between the processes of LiveKit are spans', async () => {
  // It asks an ingress worker and an egress worker through the server.
  await stage.succeed(['health', 'realtime']);
  await until({
    what: 'a trace of LiveKit',
    ask: async () => {
      const { stdout } = await stage.succeed(['trace', '--list', '--service', 'livekit']);
      return /livekit (Sent|Recv)\./.test(stdout);
    },
  });
  const { stdout } = await stage.succeed(['trace', '--last', 'livekit']);
  expect(stdout).toMatch(/^livekit (Sent|Recv)\.\S+, .* spans?/);
});

it('arc top says how many rooms, participants and streams there are', async () => {
  const { stdout } = await stage.succeed(['top', '--once', '--interval', '500ms', '--json']);
  const answer = validEventsOf(stdout).at(-1)?.data as { containers: { role: string }[] } | undefined;
  const doing = new Map(answer?.containers.map((one) => [one.role, one]));
  expect(doing.get('realtime')).toMatchObject({ doing: { rooms: 0, participants: 0, streams: 0 } });
  expect(doing.get('realtime-ingress')).toMatchObject({ doing: { streams: 0 } });
  expect(doing.get('realtime-egress')).toMatchObject({ doing: { recordings: 0 } });
});
