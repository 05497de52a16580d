import { expect, it } from 'vitest';
import type { Bus } from '../contracts/typescript/connect.ts';
import type { Facts } from './health.ts';
import { beat } from './heartbeat.ts';

it('ends where the program was stopped before it began, and NATS was never reached', async () => {
  const never = new Promise<Bus>(() => undefined);
  const facts = () => expect.unreachable('nobody is told');
  const sleep = () => expect.unreachable('nothing is waited for');
  await expect(beat({ bus: never, facts, sleep, signal: AbortSignal.abort() })).resolves.toBeUndefined();
});

it('tells an error once, when it begins, and again when it comes back', async () => {
  const well: Facts = {
    ...{
      now: new Date('2026-11-30T10:00:00Z'),
      waiting: 0,
      connected: true,
      lost: 0,
      delivered: 1,
      failures: 0,
    },
    ...{ dead: { count: 0 }, unsigned: { count: 0 } },
  };
  const ill: Facts = { ...well, notKept: 'the disk is full' };
  const rounds = [well, ill, ill, well, ill];
  const told: string[] = [];
  const stop = new AbortController();
  const publish = async ({ contract, data }: { contract: { name: string }; data: object }) => {
    const { status, error_message } = data as { status?: string; error_message?: string };
    told.push(`${contract.name} ${status ?? error_message}`);
    return '';
  };
  await beat({
    bus: Promise.resolve({ publish } as unknown as Bus),
    facts: () => rounds.shift() ?? well,
    sleep: async () => {
      if (rounds.length === 0) stop.abort();
    },
    signal: stop.signal,
  });
  const error = 'service-error events are refused, and LiveKit sends them again: the disk is full';
  expect(told.map((one) => one.replace(/;.*/, ''))).toEqual([
    ...['health-heartbeat healthy', 'health-heartbeat unhealthy', error, 'health-heartbeat unhealthy'],
    ...['health-heartbeat healthy', 'health-heartbeat unhealthy', error],
  ]);
});
