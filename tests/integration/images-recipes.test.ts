import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureImages, type ImagesOutcome } from '../../src/images/ensure.ts';
import { buildImages } from '../../src/images/provide.ts';
import { openBench, runIn, stepLines, type TestBench } from './images-engine.ts';
import { requestFor } from './images-requests.ts';

// The real recipes of the real manifests, into a cache of their own: what Go and apt have is used again,
// what arc has built before is not.

let bench: TestBench;
let outcome: ImagesOutcome;
const requests = ['cache', 'storage', 'realtime'].map((service) =>
  requestFor(service, { policy: 'local', reference: `arc-test.invalid/${service}:latest` }),
);

beforeAll(async () => {
  bench = await openBench();
  outcome = await buildImages({ ...bench.context, requests, refresh: true });
}, 1_800_000);
afterAll(() => bench?.close());

describe('bases built by their recipes', () => {
  it('give every wrapper, and say that they are local', () => {
    expect(outcome.missing).toEqual([]);
    expect(outcome.ready.map(({ role, base, built }) => [role, base.source, built])).toEqual([
      ['cache', 'local', true],
      ['storage', 'local', true],
      ['realtime', 'local', true],
    ]);
  });

  it('show what is being compiled and installed', () => {
    const lines = stepLines(bench.events).join('\n');
    expect(lines).toMatch(
      /running realtime building base arc-base\/livekit-server:v1\.13\.5-[0-9a-f]{12}: step 2 of 2/,
    );
    expect(lines).toContain('running apt-get update');
    expect(lines).toMatch(/done realtime built base .*from its recipe on this machine; registry: not asked/);
  });

  it.each([
    ['cache', ['redis-server', '--version'], /Redis server v=/],
    ['cache', ['sh', '-c', 'echo a b | sed s/a/c/ | grep -q "c b" && redis-cli --version'], /redis-cli/],
    ['storage', ['minio', '--version'], /minio version/],
    ['storage', ['curl', '--version'], /curl \d/],
    ['realtime', ['/livekit-server', '--version'], /1\.13\.5/],
    ['realtime', ['sh', '-c', 'wget 2>&1 | head -1'], /BusyBox/],
  ])('%s has %s', async (role, command, expected) => {
    expect(await runIn(bench.docker, `arc-test.invalid/${role}:latest`, command)).toMatch(expected);
  });

  it('run as a user without privileges, who owns the data folder', async () => {
    for (const role of ['cache', 'storage']) {
      const image = await bench.docker.getImage(`arc-test.invalid/${role}:latest`).inspect();
      expect(image.Config.User).toBe('65532:65532');
      const script = 'cd /data && : > mine && echo written';
      expect(await runIn(bench.docker, `arc-test.invalid/${role}:latest`, ['sh', '-c', script])).toContain(
        'written',
      );
    }
  });

  it('have the certificates that webhooks over TLS need', async () => {
    const script = 'while read line; do :; done < /etc/ssl/certs/ca-certificates.crt && echo found';
    expect(await runIn(bench.docker, 'arc-test.invalid/realtime:latest', ['sh', '-c', script])).toContain(
      'found',
    );
  });

  it('carry nothing of the machine that built them', async () => {
    const script = 'test ! -s /etc/machine-id && grep -c . /etc/hostname';
    // The file is the container's own: it has its id, not this machine's name.
    expect(await runIn(bench.docker, 'arc-test.invalid/cache:latest', ['sh', '-c', script])).toContain('1');
  });
});

describe('wrappers that are there', () => {
  it('cost one call to the Engine together, and nothing is reported', async () => {
    bench.events.length = 0;
    bench.countCalls();
    const again = await ensureImages({ ...bench.context, requests, offline: true });
    expect(bench.countCalls()).toBe(1);
    expect(bench.events).toEqual([]);
    expect(again).toEqual({ missing: [], ready: outcome.ready.map((image) => ({ ...image, built: false })) });
  });
});
