import { setTimeout as sleep } from 'node:timers/promises';
import { connect, headers, type NatsConnection, nkeyAuthenticator } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from '../support/stage.ts';

// The watcher beside a real NATS: what it hears, what it may do there, and what becomes of it while NATS is away.

let stage: Stage;
/** May do everything, as arc itself. */
let admin: NatsConnection;

beforeAll(async () => {
  stage = await openStage();
  await stage.succeed(['up', 'watcher', '--bases', 'local', '--yes']);
  admin = await login('messaging');
  // It is ready before NATS is, and hears nothing before it is connected.
  await until(async () => (await sample('arc_watcher_connected')) === 1);
});
afterAll(async () => {
  await admin?.close();
  await stage?.close();
});

/** A connection with the development seed of a service. */
async function login(role: string): Promise<NatsConnection> {
  const manifest = stage.workspace.read(`services/${role}/service.yaml`);
  const seed = /dev: (SU\w+)/.exec(manifest)?.[1] ?? expect.unreachable();
  return connect({
    servers: '127.0.0.1:4222',
    authenticator: nkeyAuthenticator(new TextEncoder().encode(seed)),
    inboxPrefix: `_INBOX_${role}`,
  });
}

const error = {
  service: 'arc-cache',
  timestamp: '2026-01-31T12:00:00Z',
  error_type: 'full_disk',
  error_message: 'No space left',
  severity: 'critical',
};
const subject = 'system.service.error';

async function publish(on: string, body: unknown, event?: string): Promise<void> {
  const head = headers();
  if (event !== undefined) head.set('ce-type', event);
  admin.publish(on, typeof body === 'string' ? body : JSON.stringify(body), { headers: head });
  await admin.flush();
}

const ask = async (path: string) => (await fetch(`http://127.0.0.1:7910${path}`)).text();

/** The value of one sample. */
async function sample(name: string): Promise<number> {
  const line = (await ask('/metrics')).split('\n').find((candidate) => candidate.startsWith(`${name} `));
  return line === undefined ? 0 : Number(line.slice(name.length + 1));
}

async function until(what: () => Promise<boolean>): Promise<void> {
  while (!(await what())) await sleep(100);
}

/** What `arc health` says of the check. */
async function health(): Promise<{ exitCode: number | undefined; output: string }> {
  return stage.arc(['health', 'watcher']);
}

describe('the watcher', () => {
  it('counts a message that is as its contract has it', async () => {
    const name = `arc_watcher_messages_total{subject="${subject}"}`;
    await publish(subject, error, 'arc.system.service-error.v1');
    await until(async () => (await sample(name)) === 1);
    expect((await health()).exitCode).toBe(0);
  });

  it('sends heartbeats for itself and, marked so, for an upstream’s program', async () => {
    const heard = new Map<string, unknown>();
    const subscription = admin.subscribe('system.health.heartbeat');
    for await (const message of subscription) {
      expect(message.headers?.get('ce-type')).toBe('arc.system.health-heartbeat.v1');
      const heartbeat = message.json<{ service: string; status: string; reported_by?: string }>();
      heard.set(heartbeat.service, heartbeat);
      if (heard.size === 2) break;
    }
    expect(heard.get('arc-watcher')).toMatchObject({ status: 'healthy' });
    expect(heard.get('arc-watcher')).not.toHaveProperty('reported_by');
    expect(heard.get('arc-messaging')).toMatchObject({ status: 'healthy', reported_by: 'arc-watcher' });
    // Its own are heard as well, and none breaks its contract.
    expect(await sample('arc_watcher_messages_total{subject="system.health.heartbeat"}')).toBeGreaterThan(0);
    expect(await ask('/metrics')).not.toContain('arc_watcher_violations_total{');
  });

  it('may publish heartbeats and nothing else', async () => {
    const own = await login('watcher');
    const refused = new Promise<string>((resolve) => {
      (async () => {
        for await (const status of own.status())
          if (status.type === 'error') resolve(String(status.error.message));
      })();
    });
    own.publish(subject, JSON.stringify(error));
    expect(await refused).toMatch(/permissions violation for publish to "system\.service\.error"/i);
    own.publish(
      'system.health.heartbeat',
      JSON.stringify({ service: 'x', timestamp: error.timestamp, status: 'healthy' }),
    );
    await own.flush();
    await own.close();
  });

  it('counts dead letters by the subject that they were meant for', async () => {
    await publish(`system.dead.${subject}`, 'not JSON at all');
    await until(async () => (await sample(`arc_watcher_dead_letters_total{subject="${subject}"}`)) === 1);
    expect((await health()).output).toContain(`1 dead letter, the last of ${subject}`);
  });

  it('fails arc health with the field that breaks a contract, and says no value of it', async () => {
    await publish(subject, { ...error, severity: 'Ada’s secret' });
    await until(
      async () => (await sample(`arc_watcher_violations_total{subject="${subject}",reason="schema"}`)) === 1,
    );
    const { exitCode, output } = await health();
    expect(exitCode).toBe(1);
    expect(output).toContain(`${subject}: /severity must be equal to one of the allowed values`);
    const logs = await stage.succeed(['logs', 'watcher']);
    expect(logs.stdout).toContain('/severity');
    expect(logs.stdout).not.toContain('Ada');
  });

  it('counts what no contract declares by its domain', async () => {
    await publish('system.made.up.subject', error);
    await until(async () => (await sample('arc_watcher_undeclared_total{domain="system"}')) === 1);
  });

  it('goes on by itself after NATS was away', async () => {
    const name = `arc_watcher_messages_total{subject="${subject}"}`;
    const before = await sample(name);
    await admin.close();
    await stage.engine.docker.getContainer('arc-messaging').restart();
    await until(async () => (await sample('arc_watcher_connected')) === 1);
    admin = await login('messaging');
    await until(async () => {
      await publish(subject, error);
      return (await sample(name)) > before;
    });
  });
});
