import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text as readStream } from 'node:stream/consumers';
import { checkBody } from '../../contracts/check-body.ts';
import type { Message } from '../../contracts/model.ts';
import type { Data } from '../../core/data.ts';
import { ArcError, exitStatus, invalid, type Problem } from '../../core/errors.ts';
import type { Cli } from '../cli.ts';

/**
 * A body from a file or from standard input, which satisfies the contract of its message.
 *
 * @throws ArcError `bad-body` with each fault and its JSON pointer, `unreadable-file`
 */
export async function readValidBody(options: {
  message: Message;
  file: string | undefined;
  cli: Cli;
}): Promise<Data> {
  const { message, file, cli } = options;
  const body = parseBody(await readBody({ file, cli }));
  const violations = checkBody({ schema: message.schema, body });
  const [first, ...rest] = violations.map((violation) => problemOf(message.name, violation));
  if (first !== undefined) throw new ArcError({ problem: [first, ...rest], status: exitStatus.invalid });
  return body;
}

async function readBody(options: { file: string | undefined; cli: Cli }): Promise<string> {
  const { file, cli } = options;
  if (file === undefined || file === '-') return readStream(cli.openStreams().stdin);
  try {
    return await readFile(resolve(cli.cwd, file), 'utf8');
  } catch (error) {
    throw invalid(
      {
        code: 'unreadable-file',
        message: `${file} could not be read: ${error instanceof Error ? error.message : String(error)}.`,
      },
      error,
    );
  }
}

/** @throws ArcError `bad-body` */
function parseBody(text: string): Data {
  try {
    return JSON.parse(text) as Data;
  } catch (error) {
    throw invalid(
      {
        code: 'bad-body',
        message: `This is not JSON: ${error instanceof Error ? error.message : String(error)}.`,
        suggestion: '`arc contract show <message>` shows an example',
      },
      error,
    );
  }
}

function problemOf(name: string, { pointer, message }: { pointer: string; message: string }): Problem {
  return {
    code: 'bad-body',
    message: `${pointer === '' ? 'The body' : pointer} ${message}.`,
    suggestion: `\`arc contract show ${name}\` shows the fields and an example`,
  };
}
