import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dispose } from '@livekit/rtc-node';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { VoiceCaller } from '../../src/providers/livekit/voice/caller.ts';
import { wordErrors } from '../../src/providers/livekit/voice/judge.ts';
import type { VoiceTurn } from '../../src/providers/voice.ts';
import { resultOf } from '../support/run-arc.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { conversationOf, joinRoom, speech } from '../support/voice-call.ts';

// One conversation, in this order. The questions are spoken by the stack's own voice, and its answers are heard by its
// own ears.
let stage: Stage;
let caller: VoiceCaller;

beforeAll(async () => {
  stage = await openStage();
  await stage.succeed(['up', 'agent', '--bases', 'local', '--yes']);
  caller = await joinRoom({ stage, room: 'voice', identity: 'ada' });
}, 900_000);
afterAll(async () => {
  await caller?.leave();
  await dispose();
  await stage?.close();
});

/** What is answered. Where a busy machine has made the agent unsure of what it heard, it asks back, and is told yes. */
async function ask(question: string): Promise<string> {
  const answer = await answerTo(question);
  return answer.includes('did you ask') ? await answerTo('Yes.') : answer;
}

async function answerTo(question: string): Promise<string> {
  return await speech.hear((await caller.ask(await speech.speak(question), 30_000)).samples);
}

/** A failure tells what both heard. */
afterEach(({ task }) => {
  if (task.result?.state === 'fail') process.stderr.write(`${conversationOf(caller)}\n`);
});

describe('the ears', () => {
  it.each([0.5, 4, 7])('hear once what is said after %d s of silence', async (seconds) => {
    const said = await speech.speak('Show me the open rooms.');
    const sound = new Int16Array(said.length + (seconds + 1.2) * 16_000);
    sound.set(said, seconds * 16_000);
    const heard = (await speech.hear(sound)).split(' ');
    // No two voices are alike, and a word or two may be misheard.
    expect(wordErrors('show me the open rooms'.split(' '), heard), heard.join(' ')).toBeLessThanOrEqual(2);
  });
});

describe('an agent', () => {
  it('greets whoever comes', async () => {
    expect(await speech.hear((await caller.listen(60_000)).samples)).toContain('what would you like to know');
  });

  it('answers a question', async () => {
    expect(await ask('Which rooms are open?')).toMatch(/one room is open with one person/);
  });

  it('records nobody who did not say yes', async () => {
    expect(await ask('Record this room, please.')).toMatch(/shall i start/);
    expect(await ask('No, thank you.')).toMatch(/leave it/);
    expect(await ask('Are we being recorded?')).toMatch(/not being recorded/);
  });
});

describe('arc voice check', () => {
  it('measures and judges a turn from outside, and arc health tells it', async () => {
    const { stdout } = await stage.succeed(['voice', 'check', '--svg', 'turn.svg', '--json']);
    expect(readFileSync(join(stage.workspace.root, 'turn.svg'), 'utf8')).toContain('Which rooms are open?');
    const turn = resultOf<VoiceTurn>(stdout);
    // The ears of the check may mishear the word for what is open.
    expect(turn.answer).toMatch(/two \w+ are open with two people/);
    const stages = turn.stages ?? [];
    expect(stages.map(({ name }) => name)).toEqual([
      'transport',
      'endpointing',
      'hearing',
      'thinking',
      'speaking',
    ]);
    expect(stages.reduce((sum, { milliseconds }) => sum + milliseconds, 0)).toBe(turn.milliseconds);
    expect((await stage.succeed(['health', 'agent'])).output).toContain(
      `answered after ${turn.milliseconds} ms`,
    );
  });

  it('fails with what was asked, heard and answered where the answer is another one', async () => {
    const words = ['--question', 'Is any stream live?', '--answer', 'a dozen'];
    const { output, exitCode } = await stage.arc(['voice', 'check', ...words]);
    expect(exitCode).toBe(1);
    expect(output).toMatch(/The agent answered ".+"/);
    expect(output).toContain('asked: "Is any stream live?"');
    expect(output).toMatch(/the agent heard: ".+"/);
    expect(output).toContain('expected: a dozen');
  });

  it('says who is missing where no agent runs', async () => {
    await execa('docker', ['stop', 'arc-agent']);
    const { output, exitCode } = await stage.arc(['voice', 'check']);
    expect(exitCode).toBe(1);
    expect(output).toContain('Nobody answers: agent does not run.');
  });
});
