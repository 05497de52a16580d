import type { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judge, shakeHands } from '../../src/core/tls-handshake.ts';
import { type AcmeServer, prepareAcmeServer } from '../support/acme-server.ts';
import { needs } from '../support/needs.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { connectTestEngine } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

// Let's Encrypt's own test server is the public authority; its names in the DNS lead to this machine.

const selection = ['gateway', '--bases', 'local', '--yes'];
const domain = 'example.test';
const needed = needs('openssl', 'linux');

let folder: string;
let authority: AcmeServer;
let stage: Stage;

const arc = (...args: string[]) =>
  // Beside whom the machine believes, as a person's own machine believes the public authorities.
  stage.arc(args, { environment: { NODE_EXTRA_CA_CERTS: join(folder, 'root.pem') } });

async function succeed(...args: string[]): Promise<string> {
  const { exitCode, output } = await arc(...args);
  expect(exitCode, `arc ${args.join(' ')}\n${output}`).toBe(0);
  return output;
}

/** The certificate that the gateway shows for a name, once the authority's root proves it. */
function proven(name: string): Promise<X509Certificate> {
  return until({
    what: `a certificate of the authority for ${name}`,
    ask: async () => {
      const greeted = await shakeHands({
        address: { host: '127.0.0.1', port: 443 },
        name,
        believed: [await authority.root()],
        signal: AbortSignal.timeout(5_000),
      });
      const judgement = judge(greeted, new Date());
      greeted.socket.destroy();
      if (!judgement.ok) throw new Error(judgement.because);
      return greeted.certificate;
    },
  });
}

const issued = (): number => authority.log().filter((line) => line.includes('Issued certificate')).length;

const askedOverHttp = (): boolean =>
  authority.log().some((line) => line.includes('Attempting to validate w/ HTTP'));

describe('certificates of a public authority', needed, () => {
  beforeAll(async () => {
    if (needed.skip) return;
    folder = mkdtempSync(join(tmpdir(), 'arc-acme-'));
    // Containers of any network reach the machine at the address of its first bridge.
    const { IPAM } = await connectTestEngine().docker.getNetwork('bridge').inspect();
    // The first of its subnet, which Engine 20.10 does not write down for this network.
    const address = IPAM?.Config?.[0]?.Subnet?.replace(/\.0\/\d+$/, '.1');
    if (address === undefined) throw new Error("the Engine's bridge has no subnet");
    authority = await prepareAcmeServer({ address, folder });
    writeFileSync(join(folder, 'root.pem'), '');
    stage = await openStage({
      settings: {
        ...{ tls: 'acme', domain, acme_email: `people@${domain}` },
        ...{ acme_directory: authority.directory, acme_ca: authority.vouching },
      },
    });
    await succeed('up', ...selection);
  });
  afterAll(async () => {
    await stage?.close();
    await authority?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  it('are missed by arc health while the authority does not answer, and the logs say why', async () => {
    const { exitCode, stdout } = await arc('health');
    expect(exitCode).not.toBe(0);
    expect(stdout).toContain(
      `livekit.${domain} is not proved, its certificate is of TRAEFIK DEFAULT CERT: DEPTH_ZERO_SELF_SIGNED_CERT`,
    );
    expect(stdout).toContain(
      `certificates are asked of ${authority.directory}, whose answers are in \`arc logs gateway\``,
    );
    await until({
      what: 'the reason in the logs',
      ask: async () =>
        /get directory at .*connection refused/.test(await succeed('logs', 'gateway', '--tail', '200')),
    });
  });

  it('are fetched once it answers and the gateway is started again, for each name, on port 443', async () => {
    await authority.start();
    await succeed('restart', 'gateway');
    const certificate = await proven(`livekit.${domain}`);
    expect(certificate.issuer).toMatch(/^CN=Pebble Intermediate CA/);
    expect(certificate.subjectAltName).toBe(`DNS:livekit.${domain}`);
    for (const name of ['storage', 'storage-console']) await proven(`${name}.${domain}`);
    // What is behind the others does not run; their certificates are there for when it does.
    const others = ['turn', 'traces', 'dashboards'];
    await until({ what: 'a certificate for each name', ask: () => issued() === 3 + others.length });
    expect(askedOverHttp()).toBe(false);
    writeFileSync(join(folder, 'root.pem'), await authority.root());
    const { stdout } = await arc('health');
    expect(stdout).toMatch(/✓ +gateway certificates .*\d+ names are proved for \d+ more days/);
  });

  it('and its account are in the volume, for the gateway alone', async () => {
    const container = stage.engine.docker.getContainer('arc-gateway');
    const found = await container.infoArchive({ path: '/var/lib/acme/acme.json' });
    const told = found.headers['x-docker-container-path-stat'];
    const { mode } = JSON.parse(Buffer.from(String(told), 'base64').toString()) as { mode: number };
    expect(mode.toString(8)).toBe('600');
  });

  it('outlive a restart, another boot and a new container, and are not fetched again', async () => {
    const [before, count] = [await proven(`livekit.${domain}`), issued()];
    const same = async (): Promise<void> =>
      expect((await proven(`livekit.${domain}`)).fingerprint256).toBe(before.fingerprint256);
    await succeed('restart', 'gateway');
    await same();
    await succeed('up', ...selection);
    await same();
    await succeed('down');
    await succeed('up', ...selection);
    await same();
    expect(issued()).toBe(count);
  });

  it('are fetched for another domain on port 80, where that is how the authority asks', async () => {
    const other = 'example.invalid';
    await succeed('up', ...selection, '--set', `domain=${other}`, '--set', 'acme_challenge=http');
    await proven(`livekit.${other}`);
    expect(askedOverHttp()).toBe(true);
  });
});
