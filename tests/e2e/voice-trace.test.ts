import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dispose } from '@livekit/rtc-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VoiceCaller } from '../../src/providers/livekit/voice/caller.ts';
import { logInToNats, type NatsUser, seedsIn } from '../support/nats-user.ts';
import { repository, resultOf } from '../support/run-arc.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';
import { conversationOf, joinRoom, speech } from '../support/voice-call.ts';

// One question is spoken. Everything that follows from it is one trace, and is counted.

type Step = { span: string; parent: string | null; service: string; name: string; error: string | null };

let stage: Stage;
let observer: NatsUser;
let caller: VoiceCaller;
/** Of the turn, as the agent tells the room. */
let trace = '';
const seen: { subject: string; traceparent: string | undefined; data: Record<string, unknown> }[] = [];

beforeAll(async () => {
  stage = await openStage({ settings: { media: 'mux', metrics_interval: '5s' } });
  // Who takes what is told comes first, as on a machine where the voice is added later.
  const takers = ['sql', 'messaging', 'telemetry', 'traces', 'metrics'];
  await stage.succeed(['up', ...takers, '--bases', 'local', '--yes']);
  await stage.succeed([
    ...['up', 'agent', ...takers, '--bases', 'local', '--yes'],
    ...['--without', 'realtime-ingress', '--without', 'realtime-egress'],
  ]);
  const seed = seedsIn(readFileSync(join(repository, 'services/watcher/service.yaml'), 'utf8')).get(
    'watcher',
  );
  if (seed === undefined) throw new Error('The watcher has no seed.');
  observer = await logInToNats({ seed, role: 'watcher' });
  observer.connection.subscribe('agent.>', {
    callback: (_, message) => {
      const { subject, headers } = message;
      seen.push({ subject, traceparent: headers?.get('traceparent'), data: message.json() });
    },
  });
  caller = await joinRoom({ stage, room: 'traced', identity: 'ada' });
  await caller.listen(60_000);
  const { samples } = await caller.ask(await speech.speak('Which rooms are open?'), 30_000);
  expect(await speech.hear(samples), conversationOf(caller)).toMatch(/open/);
  const told = await until({
    what: 'the turn in the room',
    ask: () => caller.messages.find(({ topic }) => topic === 'arc.turn'),
  });
  trace = (JSON.parse(told.text) as { trace: string }).trace;
}, 900_000);
afterAll(async () => {
  await caller?.leave();
  await dispose();
  await observer?.[Symbol.asyncDispose]();
  await stage?.close();
});

describe('a turn', () => {
  it('is one trace, with its stages in the agent, in speech and in the brain, and what follows from it', async () => {
    const wanted = [
      ...['agent.turn', 'agent.stt', 'agent.endpointing', 'agent.brain', 'agent.tts', 'agent.first_audio'],
      ...['speech.hear', 'speech.speak', 'brain.answer', 'brain.intent', 'brain.tool rooms'],
      ...['INSERT agents.conversations', 'speech.embed'],
      ...['request', 'response', 'turn.completed'].map((name) => `publish agent.brain.${name}`),
      ...['request', 'completed'].map((name) => `publish agent.tts.${name}`),
    ];
    const steps = await until({
      what: 'the stages of the turn in its trace',
      limitMilliseconds: 90_000,
      ask: async () => {
        const { stdout, exitCode } = await stage.arc(['trace', trace, '--json']);
        if (exitCode !== 0) throw new Error(stdout);
        const found = resultOf<{ steps: readonly Step[] }>(stdout).steps;
        const missing = wanted.filter((name) => !found.some((step) => step.name === name));
        if (missing.length > 0) throw new Error(`without ${missing.join(', ')}`);
        return found;
      },
    });
    const named = (name: string) => steps.filter((step) => step.name === name);
    const [turn] = named('agent.turn');
    expect(turn).toMatchObject({ service: 'arc-agent', parent: null, error: null });
    for (const stage of ['agent.stt', 'agent.endpointing', 'agent.brain', 'agent.tts', 'agent.first_audio'])
      for (const step of named(stage))
        expect(step).toMatchObject({ service: 'arc-agent', parent: turn?.span });
    /** Every step of one kind is a part of one of another. */
    const isPartOf = (name: string, service: string, whole: string) => {
      const wholes = named(whole).map(({ span }) => span);
      for (const step of named(name)) {
        expect(step.service, name).toBe(service);
        expect(wholes, `${name} of ${whole}`).toContain(step.parent);
      }
    };
    isPartOf('speech.hear', 'arc-speech', 'agent.stt');
    isPartOf('speech.speak', 'arc-speech', 'agent.tts');
    isPartOf('brain.answer', 'arc-brain', 'agent.brain');
    isPartOf('brain.intent', 'arc-brain', 'brain.answer');
    isPartOf('INSERT agents.conversations', 'arc-brain', 'brain.answer');
    isPartOf('publish agent.brain.request', 'arc-brain', 'brain.answer');
    isPartOf('publish agent.tts.request', 'arc-brain', 'agent.turn');
  });

  it('is told on NATS in the same trace, with what was said encrypted', async () => {
    const subjects = [
      ...['agent.brain.request', 'agent.brain.response', 'agent.brain.turn.completed'],
      ...['agent.tts.request', 'agent.tts.completed'],
    ];
    for (const subject of subjects) {
      const event = await until({
        what: `${subject} in the trace`,
        ask: () => seen.find((one) => one.subject === subject && one.traceparent?.includes(trace)),
      });
      const { trace_id, metadata } = event.data as { trace_id?: string; metadata?: { trace_id?: string } };
      expect(trace_id ?? metadata?.trace_id, subject).toBe(trace);
      expect(JSON.stringify(event.data).toLowerCase()).not.toMatch(/which rooms|is open with/);
    }
    const told = (subject: string) => seen.findLast((one) => one.subject === subject)?.data;
    expect(told('agent.tts.request')).toMatchObject({
      ...{ user_id: 'ada', target_room: 'traced', voice_id: expect.stringContaining('piper') },
      text: expect.stringContaining('arc:sealed:v1:'),
    });
    expect(Number(told('agent.tts.completed')?.duration_ms)).toBeGreaterThan(300);
    expect(told('agent.brain.request')?.request_id).toBe(told('agent.brain.response')?.request_id);
  });

  it('is in Prometheus with its wait, and no span is lost', async () => {
    const value = async (query: string): Promise<number | undefined> => {
      const { stdout } = await stage.succeed(['metrics', query, '--json']);
      const { series } = resultOf<{ series: readonly { points: readonly { value: number }[] }[] }>(stdout);
      return series[0]?.points.at(-1)?.value;
    };
    for (const name of [
      'agent_e2e_latency_seconds',
      'agent_stt_latency_seconds',
      'agent_tts_latency_seconds',
    ])
      await until({
        what: `a turn in ${name}`,
        ask: async () => ((await value(`${name}_count{job="arc-agent"}`)) ?? 0) >= 1,
      });
    expect(await value('agent_conversation_turns_total')).toBeGreaterThanOrEqual(1);
    const waited = await value('agent_e2e_latency_seconds_sum / agent_e2e_latency_seconds_count');
    expect(waited).toBeGreaterThan(0.2);
    expect(waited).toBeLessThan(30);
    expect(await value('sum(arc_spans_sent_total{job="arc-agent"})')).toBeGreaterThan(0);
    expect(await value('sum(arc_spans_lost_total{job="arc-agent"})')).toBe(0);
    expect((await stage.succeed(['panels', '--json'])).stdout).toContain('agent-latency');
  });
});
