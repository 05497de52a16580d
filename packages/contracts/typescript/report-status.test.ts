import { AuthorizationError, type Status } from '@nats-io/transport-node';
import { expect, test } from 'vitest';
import { reportStatus } from './report-status.ts';

const server = 'arc-messaging:4222';
const refusal: Status = { type: 'error', error: new AuthorizationError("'Authorization Violation'") };
const [lost, attempt]: Status[] = [{ type: 'disconnect', server }, { type: 'reconnecting' }];

/** @returns what is known of the key after each of these */
async function known(...statuses: (Status | undefined)[]): Promise<(string | undefined)[]> {
  let problem: Error | undefined;
  const after: (string | undefined)[] = [];
  async function* one() {
    for (const status of statuses) {
      if (status === undefined) return expect.unreachable();
      yield status;
      after.push(problem?.message);
    }
  }
  await reportStatus({
    statuses: one(),
    role: 'webhooks',
    report: () => undefined,
    refused: (told) => {
      problem = told;
    },
    onChange: () => undefined,
  });
  return after;
}
const said = 'NATS refuses the key of webhooks';

test('a refusal stays while each attempt is refused', async () => {
  const after = await known(attempt, refusal, lost, attempt, refusal, lost, attempt, refusal);
  expect(after).toEqual([undefined, ...Array(7).fill(said)]);
});

test('a refusal is over once an attempt meets no server', async () => {
  expect(await known(attempt, refusal, lost, attempt, attempt)).toEqual([
    ...[undefined, said, said, said],
    undefined,
  ]);
});

test('a refusal is over once the server takes the key', async () => {
  expect(await known(attempt, refusal, attempt, { type: 'reconnect', server })).toEqual([
    ...[undefined, said, said],
    undefined,
  ]);
});
