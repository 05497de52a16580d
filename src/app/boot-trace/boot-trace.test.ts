import { describe, expect, test } from 'vitest';
import { failed } from '../../core/errors.ts';
import type { ArcEvent } from '../../core/event.ts';
import { Secret } from '../../core/secret.ts';
import { lasting, type Reach } from '../../core/socket-address.ts';
import { type Reply, startReplies } from '../../core/spans/replies.fixture.ts';
import type { Context } from '../context.ts';
import { watchBoot } from './boot-trace.ts';

const step = { type: 'step', id: '1', verb: 'create', on: 'container/arc-cache' } as const;
const to = { role: 'telemetry', port: 'otlp_http' };

/** A boot of one step, watched, in which a secret was said. */
function watched(signal = new AbortController().signal) {
  const events: ArcEvent[] = [];
  const context: Context = {
    ...{ cwd: '/', environment: {}, program: 'arc', columns: 80, signal, protect: () => undefined },
    emit: (event) => events.push(event),
  };
  const trace = watchBoot({ context, name: 'arc up', attributes: { 'arc.selection': 'think' } });
  trace.context.emit({ ...step, phase: 'running', cause: 'a very-secret-word' });
  trace.context.emit({ ...step, phase: 'done' });
  return { trace, events };
}

async function sentTo(answer: () => Reply, failure?: string) {
  const bodies: string[] = [];
  await using server = await startReplies((_, body) => {
    bodies.push(body);
    return answer();
  });
  const { trace, events } = watched();
  const reach: Reach = async () => lasting(server.address);
  trace.through({ to, reach, secrets: [new Secret('very-secret-word')] });
  const sent = await trace.send(failure);
  return { sent, events, asked: server.asked, bodies };
}

describe('a boot is sent', () => {
  test('as one request, with all its spans and without secrets, and its events are passed on', async () => {
    const { sent, asked, bodies, events } = await sentTo(() => ({ status: 200, text: '{}' }));
    expect(asked).toEqual(['POST /v1/traces']);
    expect(sent).toEqual({ id: expect.stringMatching(/^[0-9a-f]{32}$/), spans: 2, lost: 0 });
    expect(bodies[0]).toContain('a [redacted]');
    expect(bodies[0]).not.toContain('very-secret-word');
    expect(events).toHaveLength(2);
  });

  test('with the reason, if it failed', async () => {
    const { bodies } = await sentTo(() => ({ status: 200, text: '{}' }), 'the cache ended');
    expect(bodies[0]).toContain('the cache ended');
  });

  test('without waiting for the end of a way that does not end', async () => {
    await using server = await startReplies(() => ({ status: 200, text: '{}' }));
    const { trace } = watched();
    const endless = { ...server.address, [Symbol.asyncDispose]: () => new Promise<void>(() => undefined) };
    trace.through({ to, reach: async () => endless, secrets: [] });
    expect(await trace.send()).toMatchObject({ spans: 2, lost: 0 });
  });

  test('nowhere, where nothing takes spans', async () => {
    expect(await watched().trace.send()).toBeUndefined();
  });

  test('nowhere, once somebody wants arc to end', async () => {
    const { trace } = watched(AbortSignal.abort());
    trace.through({ to, reach: () => Promise.reject(new Error('asked')), secrets: [] });
    expect(await trace.send()).toBeUndefined();
  });
});

describe('spans that are not taken are counted, with the reason, and the boot goes on:', () => {
  test.each<[string, () => Reply, number, string]>([
    ['refused', () => ({ status: 503, text: 'memory' }), 2, 'telemetry answered 503 memory'],
    [
      'taken in part',
      () => ({ status: 200, text: '{"partialSuccess":{"rejectedSpans":"1"}}' }),
      1,
      'telemetry answered 200 {"partialSuccess":{"rejectedSpans":"1"}}',
    ],
    ['never answered', () => undefined, 2, 'no answer from telemetry within 0.5 s'],
  ])('%s', async (_, answer, lost, because) => {
    expect((await sentTo(answer)).sent).toMatchObject({ spans: 2, lost, because });
  });

  test('nothing listens', async () => {
    const { trace } = watched();
    trace.through({ to, reach: async () => lasting({ host: '127.0.0.1', port: 9 }), secrets: [] });
    expect(await trace.send()).toMatchObject({ lost: 2, because: 'telemetry: connection refused' });
  });

  test('there is no way', async () => {
    const { trace } = watched();
    const reach: Reach = () => Promise.reject(failed({ code: 'no-address', message: 'It has no address.' }));
    trace.through({ to, reach, secrets: [] });
    expect(await trace.send()).toMatchObject({ lost: 2, because: 'telemetry: It has no address.' });
  });

  test('the way is not found in time', async () => {
    const { trace } = watched();
    trace.through({ to, reach: () => new Promise(() => undefined), secrets: [] });
    expect(await trace.send()).toMatchObject({ lost: 2, because: 'no answer from telemetry within 0.5 s' });
  });
});
