import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '../contracts/typescript/connect.ts';
import { openSpans } from '../spans/spans.ts';
import { type Config, readConfig } from './config.ts';
import { run } from './run.ts';

/** Another start does not put a wrong configuration right. */
const wrongConfiguration = 2;

function log(fields: Readonly<Record<string, unknown>>): void {
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), ...fields })}\n`);
}

function configOrExit(): Config {
  try {
    return readConfig();
  } catch (cause) {
    log({ level: 'error', message: cause instanceof Error ? cause.message : String(cause) });
    process.exit(wrongConfiguration);
  }
}

const stop = new AbortController();
for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stop.abort());

let refusal: Error | undefined;

await run({
  config: configOrExit(),
  // It goes on taking webhooks while NATS is away or refuses its key, also at the start.
  bus: connect({
    role: 'webhooks',
    report: ({ message }) => log({ level: 'warning', message }),
    refused: (problem) => {
      if (problem !== undefined && refusal === undefined) log({ level: 'error', message: problem.message });
      refusal = problem;
    },
  }),
  refusal: () => refusal?.message,
  spans: openSpans({ service: 'arc-webhooks' }),
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
  now: () => new Date(),
  log,
  signal: stop.signal,
});
// A connection that was never made would keep the program alive.
process.exit();
