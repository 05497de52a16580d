import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/core/canonical-json.ts';
import { nkeySeed } from '../../src/core/nkey.ts';
import { logInToNats, seedsIn } from '../support/nats-user.ts';
import { openStage, type Stage } from '../support/stage.ts';

// Every user of NATS with its key, and then two services that talk by a contract of the test.
const manifest = 'services/messaging/service.yaml';
const contract = (publishers: string) => `domain: demo
owner: cache
description: Messages of the test.
messages:
  thing-happened:
    description: Something happens.
    publishers: [${publishers}]
    subscribers: [{ role: storage, queue: workers }]
    nats: { subject: demo.cache.thing.happened }
    schema:
      type: object
      required: [text]
      properties: { text: { type: string } }
    examples: [{ text: hello }]
  thing-ended:
    description: Something ends. Who published nothing at all would be no user any more, and be sent away.
    publishers: [cache]
    nats: { subject: demo.cache.thing.ended }
    schema:
      type: object
      properties: { text: { type: string } }
    examples: [{ text: bye }]
`;
const seeds = {
  cache: nkeySeed(new Uint8Array(32).fill(1)),
  storage: nkeySeed(new Uint8Array(32).fill(2)),
};
const subject = 'demo.cache.thing.happened';

type User = { nkey: string; permissions?: { publish: string[]; subscribe: string[] } };

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  const secrets = Object.entries(seeds).map(
    ([role, dev]) =>
      `  ${role}_nats_seed:\n    description: Of the test.\n    dev: ${dev}\n    generate: { nkey: true }\n    env: ${role.toUpperCase()}_NATS_SEED\n`,
  );
  stage.workspace.write(manifest, `${stage.workspace.read(manifest)}${secrets.join('')}`);
  stage.workspace.write('contracts/demo.yaml', contract('cache'));
  await stage.succeed(['images', 'build', 'messaging']);
  await stage.succeed(['up', 'messaging', '--yes']);
});
afterAll(() => stage?.close());

/** What the server says of a configuration that it has loaded. */
function digestOf(file: string): string {
  const data = JSON.parse(file.replaceAll(/^#.*$/gm, '')) as unknown;
  return `sha256:${createHash('sha256')
    .update(`${canonicalJson(data)}\n`)
    .digest('hex')}`;
}

/** The users that the server has loaded. */
function users(): readonly User[] {
  const text = stage.workspace.read('services/messaging/rendered/server/nats.conf');
  const { accounts } = JSON.parse(text.replaceAll(/^#.*$/gm, '')) as {
    accounts: { ARC: { users: User[] } };
  };
  return accounts.ARC.users;
}

describe('the users of NATS', () => {
  it('may each publish what their contracts say, and are refused anything else', async () => {
    const all = readdirSync(stage.workspace.path('services'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap(({ name }) => [...seedsIn(stage.workspace.read(`services/${name}/service.yaml`))]);
    const limited = users().filter(({ permissions }) =>
      permissions?.subscribe.some((subject) => subject.startsWith('_INBOX_')),
    );
    // arc's own key may do everything, and that of its check is for no service.
    const roles = all.filter(([role]) => !role.startsWith('messaging-'));
    expect(limited).toHaveLength(roles.length);
    for (const [role, seed] of roles) {
      await using user = await logInToNats({ seed, role });
      const rights = limited.find(({ permissions }) => permissions?.subscribe.includes(`_INBOX_${role}.>`));
      for (const allowed of rights?.permissions?.publish ?? []) {
        if (/[*>]/.test(allowed)) continue;
        user.connection.publish(allowed, '{}');
        expect(await user.refusals(), `${role} publishes ${allowed}`).toEqual([]);
      }
      user.connection.publish('arc.nobody.may.publish', '{}');
      expect(await user.refusals(), role).toEqual([
        expect.stringMatching(/Permissions Violation for Publish to "arc\.nobody\.may\.publish"/i),
      ]);
    }
  });

  it('read nobody else’s replies, and what is for a queue group only as its member', async () => {
    await using storage = await logInToNats({ seed: seeds.storage, role: 'storage' });
    storage.connection.subscribe(subject, { queue: 'workers' });
    storage.connection.subscribe('_INBOX_storage.x');
    expect(await storage.refusals()).toEqual([]);
    for (const forbidden of ['_INBOX_cache.>', '_INBOX.>', '>', subject]) {
      storage.connection.subscribe(forbidden, { callback: () => undefined });
      expect(await storage.refusals(), forbidden).toHaveLength(1);
    }
  });

  it('are refused without a key, and with one that is not theirs', async () => {
    const stranger = nkeySeed(new Uint8Array(32).fill(3));
    await expect(logInToNats({ seed: stranger })).rejects.toThrow();
  });
});

describe('a changed right', () => {
  it('is loaded by a signal: the container stays, and so does every connection', async () => {
    await using cache = await logInToNats({ seed: seeds.cache, role: 'cache' });
    await using storage = await logInToNats({ seed: seeds.storage, role: 'storage' });
    const got: string[] = [];
    storage.connection.subscribe(subject, {
      queue: 'workers',
      callback: (_, message) => void got.push(message.string()),
    });
    await storage.connection.flush();
    const started = (await stage.engine.docker.getContainer('arc-messaging').inspect()).State.StartedAt;

    stage.workspace.write('contracts/demo.yaml', contract('storage'));
    const { stdout: planned } = await stage.succeed(['plan', 'messaging']);
    expect(planned.split('\n').at(-1)).toMatch(/^~ container arc-messaging {2}\(reloaded, not restarted: /);
    await stage.succeed(['up', 'messaging', '--yes']);

    cache.connection.publish(subject, 'no longer');
    expect(await cache.refusals()).toHaveLength(1);
    storage.connection.publish(subject, 'now this one');
    expect(await storage.refusals()).toEqual([]);
    expect(got).toEqual(['now this one']);
    expect([cache.losses(), storage.losses()]).toEqual([0, 0]);
    expect((await stage.engine.docker.getContainer('arc-messaging').inspect()).State.StartedAt).toBe(started);
    expect((await stage.succeed(['plan', 'messaging'])).stdout).toBe('nothing to do');
  });

  it('that the server has not loaded is noticed, and loaded', async () => {
    const path = 'services/messaging/rendered/server/nats.conf';
    const right = stage.workspace.read(path);
    stage.workspace.write(path, right.replaceAll(subject, 'demo.cache.thing.other'));
    await stage.engine.docker.getContainer('arc-messaging').kill({ signal: 'SIGHUP' });
    await expect
      .poll(async () => await (await fetch('http://127.0.0.1:8222/varz')).text())
      .not.toContain(digestOf(right));
    stage.workspace.write(path, right);
    const { stdout } = await stage.succeed(['plan', 'messaging']);
    expect(stdout).toMatch(/~ container arc-messaging {2}\(reloaded, not restarted: /);
    await stage.succeed(['up', 'messaging', '--yes']);
    expect(await (await fetch('http://127.0.0.1:8222/varz')).text()).toContain(digestOf(right));
    await using storage = await logInToNats({ seed: seeds.storage, role: 'storage' });
    storage.connection.publish(subject, 'allowed again');
    expect(await storage.refusals()).toEqual([]);
  });
});
