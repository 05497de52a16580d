import { createHash, X509Certificate } from 'node:crypto';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildDockerEngine } from '../../scripts/build-go-tool.ts';
import type { Call } from '../story/caller.ts';
import { callFrom } from '../support/call.ts';
import {
  type FarMachine,
  farMachineNeeds,
  startFarMachine,
  tlsPort,
} from '../support/far-machine/machine.ts';
import { port as sshPort } from '../support/far-machine/sshd.ts';
import { needs } from '../support/needs.ts';
import { type Allowed, allowOnly, restrictedNetworkNeeds } from '../support/restricted-network.ts';
import { runArc } from '../support/run-arc.ts';
import { realSecrets } from '../support/secret-values.ts';
import { makeWorkspace, type TestWorkspace } from '../support/workspace.ts';

// A browser on another machine, behind a firewall that lets through less and less. All it knows of the stack is the gateway.

const needed = needs(...farMachineNeeds, ...restrictedNetworkNeeds, 'chromium');
const minute = 60_000;
const [signalling, turn] = ['livekit.arc.local', 'turn.arc.local'];

let workspace: TestWorkspace;
let far: FarMachine;
/** See `gatewayKey`. */
let trusted: string;

const arc = (...args: string[]) =>
  runArc(args, {
    cwd: workspace.root,
    before: far.engine.before,
    environment: { DOCKER_HOST: `unix://${far.engine.socket}`, LIVEKIT_NODE_IP: far.address },
  });

async function succeed(...args: string[]): Promise<void> {
  const { exitCode, output } = await arc(...args);
  expect(exitCode, `arc ${args.join(' ')}\n${output}`).toBe(0);
}

/** Hash of the public key that the gateway shows, as a browser wants it. */
async function gatewayKey(): Promise<string> {
  const [program = '', ...enter] = far.before;
  const greeting = ['openssl', 's_client', '-connect', `${far.address}:443`, '-servername', signalling];
  const { stdout } = await execa(program, [...enter, ...greeting], { stdin: 'ignore' });
  const key = new X509Certificate(stdout).publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(key).digest('base64');
}

/** Ports of the far machine that other machines reach, beside those of its Engine and its sshd. */
async function openPorts(): Promise<readonly string[]> {
  const [program = '', ...enter] = far.engine.before;
  const { stdout } = await execa(program, [...enter, 'ss', '--no-header', '--numeric', '-l', '-t', '-u']);
  const open = stdout.split('\n').flatMap((line) => {
    const [protocol, , , , local = ''] = line.split(/\s+/);
    const [, address = '', port] = /^(.*):(\d+)$/.exec(local) ?? [];
    return /^(127\.|\[::1\])/.test(address) ? [] : [`${port}/${protocol}`];
  });
  const ofMachine = [`${tlsPort}/tcp`, `${sshPort}/tcp`];
  return [...new Set(open)].filter((port) => !ofMachine.includes(port)).sort();
}

/** A call from behind a firewall. */
async function call(options: { allowed?: Allowed; names: readonly string[]; room: string }): Promise<Call> {
  const { allowed, names, room } = options;
  await allowOnly({ before: far.before, ...(allowed === undefined ? {} : { allowed }) });
  const { LIVEKIT_API_KEY: apiKey = '', LIVEKIT_API_SECRET: apiSecret = '' } = realSecrets(workspace);
  return callFrom({
    before: far.before,
    url: `wss://${signalling}`,
    room,
    credentials: { apiKey, apiSecret },
    names: Object.fromEntries(names.map((name) => [name, far.address])),
    trusted: [trusted],
  });
}

describe('a browser on another machine', needed, () => {
  beforeAll(async () => {
    if (needed.skip) return;
    far = await startFarMachine({
      programs: await buildDockerEngine({ environment: process.env, progress: () => {} }),
    });
    workspace = makeWorkspace({ settings: { media: 'mux' } });
    // Production refuses the secrets of development.
    await succeed('secrets', 'generate');
    await succeed('up', 'production', '--flavour', 'embedded', '--yes');
    expect(await openPorts()).toEqual(['443/tcp', '50100/udp', '7881/tcp', '80/tcp']);
    trusted = await gatewayKey();
  }, 6 * minute);
  afterAll(async () => {
    await far?.close();
    workspace?.remove();
  });

  it('is heard over UDP where nothing is in its way', { timeout: minute }, async () => {
    const { spoken, heard } = await call({ names: [signalling, turn], room: 'udp' });
    expect([spoken.protocol, heard.protocol]).toEqual(['udp', 'udp']);
    expect(spoken.relayProtocol).toBeUndefined();
  });

  it('is heard over ICE/TCP where UDP is dropped', { timeout: minute }, async () => {
    const allowed: Allowed = [443, 7881].map((port) => ({ protocol: 'tcp', port }));
    // It does not find TURN, which a browser would take as gladly.
    const { spoken, heard } = await call({ allowed, names: [signalling], room: 'tcp' });
    expect([spoken.protocol, heard.protocol]).toEqual(['tcp', 'tcp']);
    expect([spoken.relayProtocol, heard.relayProtocol]).toEqual([undefined, undefined]);
  });

  it('is heard where a firewall lets through port 443 alone: TURN over TLS', {
    timeout: minute,
  }, async () => {
    const allowed: Allowed = [{ protocol: 'tcp', port: 443 }];
    const { spoken, heard } = await call({ allowed, names: [signalling, turn], room: 'turn' });
    const relayed = { relayProtocol: 'tls', url: `turns:${turn}:443?transport=tcp` };
    expect([spoken, heard]).toMatchObject([relayed, relayed]);
  });

  it('would be heard through TURN, as arc health says', { timeout: minute }, async () => {
    const { stdout } = await arc('health', 'production');
    expect(stdout).toMatch(
      /✓ +realtime turn .*joined in \d+ ms, heard \d+ ms later, all of it through turns:turn\.arc\.local:443/,
    );
  });

  it('is not heard where that firewall is in its way and TURN is not found', {
    timeout: minute,
  }, async () => {
    const allowed: Allowed = [{ protocol: 'tcp', port: 443 }];
    await expect(call({ allowed, names: [signalling], room: 'none' })).rejects.toThrow('could not establish');
  });

  it('can push RTMP where that is asked for', { timeout: 2 * minute }, async () => {
    expect(await openPorts()).not.toContain('1935/tcp');
    await succeed('up', 'production', '--flavour', 'embedded', '--set', 'rtmp=public', '--yes');
    expect(await openPorts()).toEqual(['1935/tcp', '443/tcp', '50100/udp', '7881/tcp', '80/tcp']);
  });
});
