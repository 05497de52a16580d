import { expect, it } from 'vitest';
import { currentContext } from '../../spans/context.ts';
import { openSpans } from '../../spans/spans.ts';
import { conversations } from './converse.ts';
import type { Events } from './events/events.ts';
import type { ToldEvent } from './events/publisher.ts';
import type { Turn } from './memory/turn.ts';
import type { Question, Reply } from './skills/skill.ts';

function stage(reply: Reply | Error) {
  const kept: Turn[] = [];
  const audited: unknown[] = [];
  const told: ToldEvent[] = [];
  /** Traces that turns were kept and events told in. */
  const traces: (string | undefined)[] = [];
  const state = () => ({ waiting: 0, lost: 0, refused: 0, failure: undefined });
  const events: Events = {
    keep: async () => undefined,
    tell: async (event) => {
      told.push(event);
      traces.push(currentContext()?.traceId);
      return true;
    },
    audit: async (deed, about) => void audited.push({ deed, about }),
    ...{ state, close: async () => undefined },
  };
  const keeper = {
    keep: async (turn: Turn) => {
      kept.push(turn);
      traces.push(currentContext()?.traceId);
    },
    keepSession: async () => undefined,
    recall: async () => undefined,
    ...{ state, close: async () => undefined },
  };
  const talk = conversations({
    answer: async () => {
      if (reply instanceof Error) throw reply;
      return { reply, intent: 'rooms' };
    },
    measures: {
      duration: { observe: () => undefined },
      ...{
        tools: { inc: () => undefined },
        tokens: { inc: () => undefined },
        failures: { inc: () => undefined },
      },
    },
    spans: openSpans({ service: 'test', url: '' }),
    ...{ events, keeper, log: () => undefined },
  });
  return { talk, kept, audited, told, traces };
}
const question = (more: Partial<Question> = {}): Question => ({
  ...{
    text: 'Which rooms?',
    room: 'demo',
    session: 's',
    user: 'ada',
    trace: 'a'.repeat(32),
    before: '',
    earlier: [],
  },
  ...more,
});
const said: Reply = { text: 'One.', tools: ['rooms'] };
const certain = { session: 's', text: 'Which rooms?', hearingMs: 120 };

it('keeps a turn once it is certain, with its trace, and counts the turns of a session', async () => {
  const { talk, kept } = stage(said);
  await talk.answer(question(), () => undefined);
  expect(kept).toEqual([]);
  expect(await talk.certain(certain)).toEqual({ performed: false, turn: 0, trace: 'a'.repeat(32) });
  await talk.answer(question(), () => undefined);
  await talk.certain(certain);
  expect(kept).toMatchObject([
    { user: 'ada', said: 'Which rooms?', answer: 'One.', index: 0, trace: 'a'.repeat(32), hearingMs: 120 },
    { index: 1 },
  ]);
});

it('keeps a turn that was certain before its answer was there', async () => {
  const { talk, kept } = stage(said);
  expect(await talk.certain(certain)).toMatchObject({ turn: undefined });
  await talk.answer(question(), () => undefined);
  expect(kept).toMatchObject([{ answer: 'One.', hearingMs: 120 }]);
});

it('keeps nothing of an answer that nobody heard, nor of somebody whom it does not know', async () => {
  const { talk, kept } = stage(said);
  await talk.answer(question({ text: 'Which' }), () => undefined);
  await talk.answer(question({ user: '' }), () => undefined);
  await talk.certain(certain);
  expect(kept).toEqual([]);
});

it('does what was announced once it is certain, and writes the consent into the audit trail', async () => {
  let done = 0;
  const run = async () => {
    done += 1;
  };
  const consent = { given: true, to: 'room_recording' };
  const { talk, audited } = stage({ ...said, perform: { tool: 'start_recording', run, consent } });
  await talk.answer(question(), () => undefined);
  expect(done).toBe(0);
  expect(await talk.certain(certain)).toMatchObject({ performed: true });
  expect(done).toBe(1);
  expect(audited).toEqual([
    { deed: { kind: 'consent', ...consent }, about: { user: 'ada', session: 's', trace: 'a'.repeat(32) } },
  ]);
});

it('says the fallback where thinking fails, and tells of it without what was said', async () => {
  const { talk, told } = stage(new Error('Which rooms? failed'));
  const pieces: string[] = [];
  const reply = await talk.answer(question(), (piece) => pieces.push(piece));
  expect(reply.text).toBe("I'm having trouble processing that. Could you rephrase?");
  expect(pieces).toEqual([reply.text]);
  expect(told).toMatchObject([{ name: 'brain-error', data: { error_type: 'failed' } }]);
  expect(JSON.stringify(told)).not.toContain('Which rooms');
});

it('keeps a turn and tells a failure as parts of their trace', async () => {
  const parent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  for (const reply of [said, new Error('no model')]) {
    const { talk, traces } = stage(reply);
    await talk.answer(question(), () => undefined, parent);
    await talk.certain(certain);
    expect(traces.length).toBeGreaterThan(0);
    expect(new Set(traces)).toEqual(new Set(['a'.repeat(32)]));
  }
});
