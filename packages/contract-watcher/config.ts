import { readFileSync } from 'node:fs';

/** What the watcher is told, all of which follows from the contracts and manifests of the stack. */
export type Config = {
  /** Of its own HTTP server. */
  port: number;
  /** Subject of heartbeats. */
  heartbeat: string;
  /** First tokens of subjects: it hears all that is below. */
  domains: readonly string[];
  messages: readonly WatchedMessage[];
  /** Containers that may run beside it, with the ports that they may listen on. */
  containers: readonly WatchedContainer[];
  /** Roles whose programs send heartbeats of themselves. */
  beating: readonly string[];
};

export type WatchedMessage = {
  name: string;
  subject: string;
  /** `ce-type` of its headers. */
  event: string;
  schema: Readonly<Record<string, unknown>>;
};

export type WatchedContainer = { role: string; host: string; ports: readonly number[] };

/**
 * Reads the configuration that arc renders; arc has checked what it is made of.
 *
 * @throws Error if it is not there, or not JSON below its comments
 */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const path = environment.WATCHER_CONFIG ?? '/etc/arc/watcher.conf';
  // arc writes into the first lines where the file comes from.
  return JSON.parse(readFileSync(path, 'utf8').replace(/^(#.*\n)+/, '')) as Config;
}

/** Where NATS is, and the seed of the watcher's key there. */
export type Login = { url: string; seed: Uint8Array };

/** @throws Error if one of the two is missing */
export function readLogin(environment: NodeJS.ProcessEnv): Login {
  const { NATS_URL: url, NATS_SEED_FILE: file } = environment;
  if (url === undefined || file === undefined) throw new Error('NATS_URL and NATS_SEED_FILE are not set');
  return { url, seed: Buffer.from(readFileSync(file, 'utf8').trim()) };
}
