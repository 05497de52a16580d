import { readFileSync } from 'node:fs';
import { jsonLog } from './log.ts';

/** A configuration that is wrong does not become right by another start. */
const wrongConfiguration = 2;

/**
 * Runs a worker as a program, until it is told to end: with exit status 0 then, with 2 where its configuration is
 * wrong, and with 1 where it cannot start.
 *
 * @param options.prefix of its environment variables: `EGRESS` reads `EGRESS_CONFIG_FILE`, or `EGRESS_CONFIG_BODY`
 * @param options.read throws what is wrong with the configuration
 */
export async function runWorker<Settings>(options: {
  prefix: string;
  read: (configuration: string, environment: NodeJS.ProcessEnv) => Settings;
  start: (settings: Settings) => Promise<{ close: () => Promise<void> }>;
}): Promise<void> {
  const settings = attempt('configuration', wrongConfiguration, () =>
    options.read(configurationText(options.prefix), process.env),
  );
  try {
    const worker = await options.start(settings);
    const stop = (): void => {
      jsonLog('stopping');
      void worker.close().then(() => process.exit(0));
    };
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
  } catch (cause) {
    attempt('start', 1, () => {
      throw cause;
    });
  }
}

function configurationText(prefix: string): string {
  const body = process.env[`${prefix}_CONFIG_BODY`];
  if (body) return body;
  const file = process.env[`${prefix}_CONFIG_FILE`];
  if (file) return readFileSync(file, 'utf8');
  throw new Error(`${prefix}_CONFIG_FILE names no configuration`);
}

/** Ends the process with words where it fails. */
function attempt<Result>(what: string, exitCode: number, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    jsonLog(what, { error: cause instanceof Error ? cause.message : String(cause) });
    return process.exit(exitCode);
  }
}
