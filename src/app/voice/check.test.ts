import { describe, expect, it } from 'vitest';
import type { VoiceResult, VoiceTurn } from '../../providers/voice.ts';
import { turnOf } from './check.ts';

const turn: VoiceTurn = { question: 'Who?', heard: 'Shoe?', answer: 'a shoe', milliseconds: 900 };

function problemOf(result: VoiceResult) {
  try {
    return turnOf(result);
  } catch (error) {
    return (error as { problems: readonly unknown[] }).problems[0];
  }
}

describe('a turn that was asked aloud', () => {
  it('is told where it was answered', () => {
    expect(turnOf({ kind: 'answered', turn })).toBe(turn);
  });

  it('fails with what was heard and expected where the answer was wrong', () => {
    expect(problemOf({ kind: 'wrong', turn, expected: 'nobody' })).toMatchObject({
      code: 'agent-wrong',
      message: 'The agent answered "a shoe".',
      detail: ['asked: "Who?"', 'the agent heard: "Shoe?"', 'expected: nobody', 'after 900 ms'],
    });
  });

  it.each([
    [{ kind: 'no-agent', waitedMs: 20_000, full: false }, 'agent-absent'],
    [{ kind: 'no-agent', waitedMs: 400, full: true }, 'agent-full'],
    [{ kind: 'silent', waitedMs: 20_000, question: 'Who?' }, 'agent-silent'],
    [{ kind: 'no-speech', because: 'it is away' }, 'speech-away'],
    [{ kind: 'no-client' }, 'webrtc-client-missing'],
  ] as const)('fails where it is %o', (result, code) => {
    expect(problemOf(result)).toMatchObject({ code });
  });

  it('says whether anything was heard before the silence', () => {
    const silent = { kind: 'silent', waitedMs: 20_000, question: 'Who?' } as const;
    expect(problemOf(silent)).toMatchObject({ detail: ['asked: "Who?"', 'the agent heard nothing'] });
    expect(problemOf({ ...silent, heard: 'Shoe?' })).toMatchObject({
      detail: ['asked: "Who?"', 'the agent heard: "Shoe?"'],
    });
  });
});
