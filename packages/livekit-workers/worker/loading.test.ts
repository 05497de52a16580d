import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Prints which packages a worker has loaded by the time that it could begin. */
const script = `
import { registerHooks } from 'node:module';
const packages = new Set();
registerHooks({
  load(url, context, next) {
    const name = /.*node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url)?.[1];
    if (name !== undefined) packages.add(name);
    return next(url, context);
  },
});
await import(process.argv[1]);
process.stdout.write(JSON.stringify([...packages]));
process.exit(0);
`;

function loadedBy(worker: string): readonly string[] {
  const file = join(import.meta.dirname, '..', worker, 'worker.ts');
  const words = ['--input-type=module', '--eval', script, file];
  return JSON.parse(execFileSync(process.execPath, words, { encoding: 'utf8' })) as readonly string[];
}

describe.each(['egress', 'ingress'])('the %s worker', (worker) => {
  it('starts without what only a job needs', () => {
    const loaded = loadedBy(worker);
    expect(loaded).toContain('@livekit/protocol');
    expect(
      loaded.filter((name) =>
        /^(@aws-sdk\/|@smithy\/|livekit-server-sdk$|jose$|@livekit\/rtc-node$)/.test(name),
      ),
    ).toEqual([]);
  });
});
