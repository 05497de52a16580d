import { text } from 'node:stream/consumers';
import { converse } from '../voice/converse.ts';
import { hear } from './hear.ts';
import type { WebrtcTask } from './task.ts';

// A process of its own for one call: run-task.ts starts it. Its task comes by standard input, and its answer is the last line
// of standard output.
async function main(): Promise<void> {
  const task = JSON.parse(await text(process.stdin)) as WebrtcTask;
  const answer = task.kind === 'hear' ? await hear(task) : await converse(task);
  // The client's threads would go on.
  process.stdout.write(`${JSON.stringify(answer)}\n`, () => process.exit());
}

main().catch((cause: unknown) => {
  process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`);
  process.exit(1);
});
