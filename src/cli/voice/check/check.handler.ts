import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { voiceCheck } from '../../../app/voice/check.ts';
import { exitStatus, failed, invalid } from '../../../core/errors.ts';
import type { Handler } from '../../cli.ts';
import { waterfallSvg, waterfallText } from './waterfall.ts';

type CheckOptions = { question?: string; answer?: string; svg?: string };

/** One turn with the agent, measured outside of it. */
export const checkVoice: Handler<CheckOptions> = async ({ question, answer, svg }, cli) => {
  if (answer !== undefined) requirePattern(answer);
  if (question !== undefined && answer === undefined)
    throw invalid({
      code: 'usage',
      message: 'Nobody knows which answer to that question is right.',
      suggestion: 'add --answer; `--answer .` takes any answer',
    });
  const turn = await voiceCheck({ context: cli, asked: { question, expected: answer } });
  if (svg !== undefined) {
    const file = resolve(cli.cwd, svg);
    try {
      await writeFile(file, waterfallSvg(turn));
    } catch (cause) {
      throw failed({ code: 'cannot-write', message: `arc could not write ${file}.` }, cause);
    }
  }
  cli.result({ data: turn, text: () => waterfallText(turn) });
  return exitStatus.done;
};

function requirePattern(pattern: string): void {
  try {
    new RegExp(pattern, 'i');
  } catch (cause) {
    throw invalid(
      {
        code: 'usage',
        message: `--answer is no regular expression: ${cause instanceof Error ? cause.message : String(cause)}.`,
        suggestion: 'escape marks such as ( and ? with \\',
      },
      cause,
    );
  }
}
