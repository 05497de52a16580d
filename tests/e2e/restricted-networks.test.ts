import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tlsPort } from '../support/far-machine/machine.ts';
import { port as sshPort } from '../support/far-machine/sshd.ts';
import { type FarStack, farStackNeeds, names, openFarStack } from '../support/far-stack.ts';
import { needs } from '../support/needs.ts';
import { type Allowed, allowOnly } from '../support/restricted-network.ts';
import { resultOf } from '../support/run-arc.ts';

// A browser on another machine, behind a firewall that lets through less and less. All it knows of the stack is the gateway.

const needed = needs(...farStackNeeds);
const minute = 60_000;
const { signalling, turn } = names;

let stack: FarStack;

/** Ports of the far machine that other machines reach, beside those of its Engine and its sshd. */
async function openPorts(): Promise<readonly string[]> {
  const [program = '', ...enter] = stack.far.engine.before;
  const { stdout } = await execa(program, [...enter, 'ss', '--no-header', '--numeric', '-l', '-t', '-u']);
  const open = stdout.split('\n').flatMap((line) => {
    const [protocol, , , , local = ''] = line.split(/\s+/);
    const [, address = '', port] = /^(.*):(\d+)$/.exec(local) ?? [];
    return /^(127\.|\[::1\])/.test(address) ? [] : [`${port}/${protocol}`];
  });
  const ofMachine = [`${tlsPort}/tcp`, `${sshPort}/tcp`];
  return [...new Set(open)].filter((port) => !ofMachine.includes(port)).sort();
}

/** Whether a port of the far machine takes a connection from the other one. */
async function isReached(port: string): Promise<boolean> {
  const [program = '', ...enter] = stack.far.before;
  const open = ['timeout', '3', 'bash', '-c', `exec 3<>/dev/tcp/${stack.far.address}/${port}`];
  const { exitCode } = await execa(program, [...enter, ...open], { stdin: 'ignore', reject: false });
  return exitCode === 0;
}

/** What `arc doctor --public` says on the far machine, a line each. */
async function publicFindings(): Promise<readonly string[]> {
  const { stdout } = await stack.arc('doctor', '--public', '--json');
  const { findings } = resultOf<{ findings: { state: string; message: string }[] }>(stdout);
  return findings.map(({ state, message }) => `${state}: ${message}`);
}

/** Ports over TCP that it says are open. */
function saidOpen(findings: readonly string[]): readonly string[] {
  return findings.flatMap((line) => /^ok: (\d+)\/tcp .* takes connections/.exec(line)?.[1] ?? []).sort();
}

describe('a browser on another machine', needed, () => {
  beforeAll(async () => {
    if (needed.skip) return;
    stack = await openFarStack();
    expect(await openPorts()).toEqual(['443/tcp', '50100/udp', '7881/tcp', '80/tcp']);
  }, 6 * minute);
  afterAll(() => stack?.close());

  it('is heard over UDP where nothing is in its way', { timeout: minute }, async () => {
    const { spoken, heard } = await stack.call({ names: [signalling, turn], room: 'udp' });
    expect([spoken.protocol, heard.protocol]).toEqual(['udp', 'udp']);
    expect(spoken.relayProtocol).toBeUndefined();
  });

  it('is heard over ICE/TCP where UDP is dropped', { timeout: minute }, async () => {
    const allowed: Allowed = [443, 7881].map((port) => ({ protocol: 'tcp', port }));
    // It does not find TURN, which a browser would take as gladly.
    const { spoken, heard } = await stack.call({ allowed, names: [signalling], room: 'tcp' });
    expect([spoken.protocol, heard.protocol]).toEqual(['tcp', 'tcp']);
    expect([spoken.relayProtocol, heard.relayProtocol]).toEqual([undefined, undefined]);
  });

  it('is heard where a firewall lets through port 443 alone: TURN over TLS', {
    timeout: minute,
  }, async () => {
    const allowed: Allowed = [{ protocol: 'tcp', port: 443 }];
    const { spoken, heard } = await stack.call({ allowed, names: [signalling, turn], room: 'turn' });
    const relayed = { relayProtocol: 'tls', url: `turns:${turn}:443?transport=tcp` };
    expect([spoken, heard]).toMatchObject([relayed, relayed]);
  });

  it('would be heard through TURN, as arc health says', { timeout: minute }, async () => {
    const { stdout } = await stack.arc('health', 'production');
    expect(stdout).toMatch(
      /✓ +realtime turn .*joined in \d+ ms, heard \d+ ms later, all of it through turns:turn\.arc\.local:443/,
    );
  });

  it('reaches what arc doctor --public says is open, which says what it could not try', {
    timeout: minute,
  }, async () => {
    await allowOnly({ before: stack.far.before });
    const findings = await publicFindings();
    const open = saidOpen(findings);
    expect(open).toEqual(['443', '7881', '80']);
    expect(await Promise.all(open.map(isReached))).toEqual([true, true, true]);
    expect(findings).toContainEqual(
      expect.stringMatching(/^warning: Only clients of the same network get media: .*10\.213\.77\.2/),
    );
    expect(findings).toContainEqual(expect.stringMatching(/^ok: 50100\/udp .*is published on 0\.0\.0\.0/));
    // A firewall between the two shows on one of them only.
    await allowOnly({ before: stack.far.before, allowed: [{ protocol: 'tcp', port: 7881 }] });
    expect(await Promise.all(open.map(isReached))).toEqual([false, true, false]);
    const behind = await publicFindings();
    expect(saidOpen(behind)).toEqual(open);
    for (const untold of [/^skipped: not tried: .*firewalls .*TCP .*443/, /^skipped: not tried: .*UDP 50100/])
      expect(behind).toContainEqual(expect.stringMatching(untold));
    await allowOnly({ before: stack.far.before });
  });

  it('reaches no port that arc doctor --public says is closed', { timeout: minute }, async () => {
    const docker = (...words: string[]) => {
      const [program = '', ...enter] = stack.far.engine.before;
      return execa(program, [...enter, 'docker', '--host', `unix://${stack.far.engine.socket}`, ...words]);
    };
    await docker('stop', 'arc-gateway');
    const findings = await publicFindings();
    expect(saidOpen(findings)).toEqual(['7881']);
    expect(findings).toContainEqual(
      expect.stringMatching(/^missing: 443\/tcp of arc-gateway .*closed to others: arc-gateway does not run/),
    );
    expect(await Promise.all(['443', '80', '7881'].map(isReached))).toEqual([false, false, true]);
    await docker('start', 'arc-gateway');
  });

  it('is not heard where that firewall is in its way and TURN is not found', {
    timeout: minute,
  }, async () => {
    const allowed: Allowed = [{ protocol: 'tcp', port: 443 }];
    await expect(stack.call({ allowed, names: [signalling], room: 'none' })).rejects.toThrow(
      'could not establish',
    );
  });

  it('can push RTMP where that is asked for', { timeout: 2 * minute }, async () => {
    expect(await openPorts()).not.toContain('1935/tcp');
    await stack.succeed('up', 'production', '--flavour', 'embedded', '--set', 'rtmp=public', '--yes');
    expect(await openPorts()).toEqual(['1935/tcp', '443/tcp', '50100/udp', '7881/tcp', '80/tcp']);
  });
});
