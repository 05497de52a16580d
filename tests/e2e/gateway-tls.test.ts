import type { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CallingBrowser, makeBrowserStore, openCallingBrowser } from '../support/browser-call.ts';
import { callTokens } from '../support/call.ts';
import { askFrontDoor } from '../support/front-door.ts';
import { needs } from '../support/needs.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const selection = [
  ...['gateway', 'storage', 'realtime', '--without', 'realtime-ingress', '--without', 'realtime-egress'],
  ...['--bases', 'local', '--yes'],
];
const name = 'livekit.arc.local';

/** The certificate that is shown for a host name; throws where it is not trusted. */
function shake(options: { servername: string; ca?: string }): Promise<X509Certificate> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...options, host: '127.0.0.1', port: 443 });
    socket.on('error', reject).on('secureConnect', () => {
      const certificate = socket.getPeerX509Certificate();
      socket.destroy();
      if (certificate === undefined) reject(new Error('no certificate was shown'));
      else resolve(certificate);
    });
  });
}

/**
 * Runs a shell's script in the workspace where what it does to this machine's store of certificates is gone afterwards.
 * A bind needs a target of its own, so the folders are copied.
 */
async function withOwnStore(options: { stage: Stage; script: string }) {
  const prepare = [
    'set -eu',
    'for folder in /etc/ssl/certs /usr/local/share/ca-certificates; do',
    '  copy=$(mktemp -d -p "$STORE"); cp -a "$folder/." "$copy"; mount --bind "$copy" "$folder"',
    'done',
  ].join('\n');
  const store = mkdtempSync(join(tmpdir(), 'arc-store-'));
  try {
    return await execa('unshare', ['--mount', 'sh', '-c', `${prepare}\n${options.script}`], {
      cwd: options.stage.workspace.root,
      env: { ...options.stage.environment, STORE: store, HOME: store },
      reject: false,
      all: true,
    });
  } finally {
    rmSync(store, { recursive: true });
  }
}

describe('TLS of the gateway', () => {
  let stage: Stage;
  let authority: string;

  beforeAll(async () => {
    stage = await openStage();
    await stage.succeed(['up', ...selection]);
    authority = (await stage.succeed(['ca', 'show', '--pem'])).stdout;
  });
  afterAll(() => stage?.close());

  it('is proved by an authority of this workspace, which nobody else trusts', async () => {
    const certificate = await shake({ servername: name, ca: authority });
    expect(certificate.subjectAltName).toBe('DNS:arc.local, DNS:*.arc.local');
    const days = (certificate.validToDate.getTime() - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(80);
    expect(days).toBeLessThan(91);
    await expect(shake({ servername: name })).rejects.toThrow(/unable to verify|self[- ]signed/);
  });

  it('is asked for by the health check: a page or a connection at each name, and a participant', async () => {
    const { stdout } = await stage.succeed(['health']);
    const until = /certificate until \d{4}-\d\d-\d\d/.source;
    for (const [host, path] of [
      ['livekit', '/'],
      ['storage', '/minio/health/cluster'],
      ['storage-console', '/'],
    ])
      expect(stdout).toMatch(
        new RegExp(`✓ +gateway ${host} .*GET https://${host}\\.arc\\.local${path} at .*: 200 OK, ${until}`),
      );
    expect(stdout).toMatch(
      new RegExp(`✓ +gateway turn .*TLS to turn\\.arc\\.local at .*: connected, ${until}`),
    );
    expect(stdout).toMatch(
      new RegExp(
        `✓ +realtime front-door .*wss://livekit\\.arc\\.local at .* let a participant in .*${until}`,
      ),
    );
  });

  it('says by its name where the service behind it is away', async () => {
    const storage = stage.engine.docker.getContainer('arc-storage');
    await storage.stop();
    const { exitCode, output } = await stage.arc(['health']);
    expect(exitCode, output).toBe(1);
    expect(output.match(/^✗.*$/gm)).toEqual([expect.stringMatching(/✗ +arc-storage +exited/)]);
    expect(output).toMatch(
      /\? +gateway storage .*while arc-storage is exited: 50[234] .*the gateway does not get to the service/,
    );
    expect(output).toMatch(/✓ +gateway livekit /);
    await stage.succeed(['up', ...selection]);
  });

  it('is all there is: HTTP leads to HTTPS', async () => {
    expect(await askFrontDoor({ host: name, path: '/x?y=1' })).toMatchObject({
      status: 301,
      headers: { location: `https://${name}/x?y=1` },
    });
  });

  it('is what arc health goes through, to each name and to TURN', async () => {
    const { stdout } = await stage.succeed(['health']);
    expect(stdout).toMatch(/✓ +gateway certificates .*\d+ names are proved for \d+ more days/);
    expect(stdout).toMatch(
      /✓ +realtime turn .*heard \d+ ms later, all of it through turns:turn\.arc\.local:443/,
    );
  });

  it('keeps its certificate over a boot, and gets a new one where that is gone, without a restart', async () => {
    const first = await shake({ servername: name, ca: authority });
    await stage.succeed(['up', ...selection]);
    expect((await shake({ servername: name, ca: authority })).fingerprint256).toBe(first.fingerprint256);
    const before = (await stage.engine.containers())['arc-gateway'];
    rmSync(stage.workspace.path('.arc', 'ca', 'gateway.pem'));
    await stage.succeed(['up', ...selection]);
    expect((await shake({ servername: name, ca: authority })).fingerprint256).not.toBe(first.fingerprint256);
    expect((await stage.engine.containers())['arc-gateway']?.startedAt).toBe(before?.startedAt);
  });

  describe('on a machine that is told', {
    ...needs('root', 'linux', 'curl', 'update-ca-certificates'),
  }, () => {
    it('is trusted by what asks the system, until that is taken back', async () => {
      const arc = join(import.meta.dirname, '..', '..', 'bin', 'arc');
      const ask = `curl -sS --noproxy '*' --resolve ${name}:443:127.0.0.1 https://${name}/`;
      const { all, exitCode } = await withOwnStore({
        stage,
        script: [
          `${ask} && echo trusted too early`,
          `"${arc}" ca trust --dry-run`,
          `${ask} && echo trusted too early`,
          `"${arc}" ca trust --yes`,
          `[ "$(${ask})" = OK ] && echo yes`,
          `"${arc}" ca untrust --dry-run`,
          `[ "$(${ask})" = OK ] && echo and still`,
          `"${arc}" ca untrust --yes`,
          `${ask} && echo still trusted`,
          'exit 0',
        ].join('\n'),
      });
      expect(all).not.toContain('trusted too early');
      expect(all).toMatch(
        /arc would\n {2}write \/usr\/local\/share\/ca-certificates\/.*\n {2}run update-ca-certificates/,
      );
      expect(all).toContain('\nyes\n');
      expect(all).toMatch(/arc would\n {2}remove \/usr\/local\/share\/ca-certificates\//);
      expect(all).toContain('\nand still\n');
      expect(all).not.toContain('still trusted');
      expect(exitCode).toBe(0);
    });
  });

  describe('in a browser', { ...needs('chromium', 'certutil') }, () => {
    let home: string;
    let browser: CallingBrowser;

    beforeAll(async () => {
      home = mkdtempSync(join(tmpdir(), 'arc-home-'));
      await makeBrowserStore(home);
      const file = join(home, 'authority.pem');
      writeFileSync(file, authority);
      await execa('certutil', [
        ...['-d', `sql:${join(home, '.pki', 'nssdb')}`, '-A', '-t', 'C,,', '-n', 'arc', '-i', file],
      ]);
      browser = await openCallingBrowser({ home, names: { '*.arc.local': '127.0.0.1' } });
    });
    afterAll(async () => {
      await browser?.close();
      if (home !== undefined) rmSync(home, { recursive: true });
    });

    it('opens pages, and is refused for a name that it does not vouch for', async () => {
      expect(await browser.load(`https://storage-console.arc.local/`)).toBe(200);
      await expect(browser.load(`https://a.b.arc.local/`)).rejects.toThrow(/ERR_CERT/);
    });

    it.each([
      { title: 'of many ports for media', media: 'range' },
      { title: 'of one port for all media', media: 'mux' },
    ])('carries a call of a server $title, which goes on while the gateway is away', async ({ media }) => {
      await stage.succeed(['up', ...selection, '--set', `media=${media}`]);
      const url = `wss://${name}`;
      const call = await browser.call({ url, ...(await callTokens({ room: `kept-${media}` })) });

      const gateway = stage.engine.docker.getContainer('arc-gateway');
      await gateway.stop();
      // It was not killed: open sockets do not keep it from ending.
      expect((await gateway.inspect()).State.ExitCode).toBe(0);
      await sleep(2_000);
      expect(await call.isHeard()).toBe(true);
      expect(await call.state()).not.toBe('disconnected');
      const limit = { limitMilliseconds: 5_000 };
      // Both at once: a client stops reconnecting after three quarters of a minute.
      const [{ exitCode, output }] = await Promise.all([
        stage.arc(['health']),
        expect(browser.call({ url, ...(await callTokens({ room: 'new' })), ...limit })).rejects.toThrow(),
      ]);
      expect(exitCode).not.toBe(0);
      expect(output).toMatch(/✗ +arc-gateway +exited/);
      // LiveKit's own port of TURN is open yet; clients that need TURN come through the gateway.
      expect(output).toMatch(
        media === 'range'
          ? /\? +realtime turn .* the gateway does not let them through: connection refused/
          : /- +realtime turn .* TURN is off in this workspace/,
      );

      await gateway.start();
      await until({ what: 'signalling again', ask: async () => (await call.state()) === 'connected' });
      expect(await call.isHeard()).toBe(true);
      await call.end();
    });
  });
});
