import { chmodSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { processes } from '../support/processes.ts';
import { launcher, type Ran, repository, resultOf } from '../support/run-arc.ts';
import { leaksIn, realSecrets } from '../support/secret-values.ts';
import { type DataCredentials, devCredentials, readData, writeData } from '../support/stack-data.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { onTerminal } from '../support/terminal.ts';

const core = ['storage', 'realtime', '--without', 'realtime-ingress', '--without', 'realtime-egress'];
/** Every secret that a manifest of this repository declares. */
const names = readdirSync(join(repository, 'services'))
  .filter((role) => existsSync(join(repository, 'services', role, 'service.yaml')))
  .flatMap((role) => {
    const manifest = parse(readFileSync(join(repository, 'services', role, 'service.yaml'), 'utf8'));
    return Object.keys((manifest as { secrets?: Record<string, unknown> }).secrets ?? {});
  });

let stage: Stage;
/** Every real value that there has been, old ones too. */
const known = new Set<string>();
/** Those of them that name the key of the API. */
const apiKeys = new Set<string>();
/** Everything that arc has said. */
const said: string[] = [];
beforeAll(async () => {
  stage = await openStage({ settings: { media: 'mux' } });
  await execa('git', ['init', '--quiet'], { cwd: stage.workspace.root });
});
afterAll(() => stage?.close());

async function arc(args: readonly string[], status = 0): Promise<Ran> {
  const ran = await stage.arc(args);
  said.push(ran.output);
  remember();
  expect(ran.exitCode, ran.output).toBe(status);
  return ran;
}

/** The real values, by name of the variable. */
function remember(): Record<string, string> {
  const values = Object.entries(realSecrets(stage.workspace)).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  for (const [name, value] of values) {
    known.add(value);
    if (name === 'LIVEKIT_API_KEY') apiKeys.add(value);
  }
  return Object.fromEntries(values);
}

function credentials(): DataCredentials {
  const values = remember();
  return {
    redisPassword: values.REDIS_PASSWORD ?? '',
    minioUser: values.MINIO_ROOT_USER ?? '',
    minioPassword: values.MINIO_ROOT_PASSWORD ?? '',
  };
}

/** The key that tokens name is told to developers, by `up` and in each token. */
function hidden(): string[] {
  remember();
  return [...known].filter((value) => !apiKeys.has(value));
}

async function changedBy(selection: readonly string[]): Promise<string[]> {
  const { stdout } = await arc(['plan', ...selection]);
  return stdout.split('\n');
}

describe('development secrets', () => {
  it('are listed as such, without a value', async () => {
    const { stdout } = await arc(['secrets', 'list', '--json']);
    const { secrets } = resultOf<{ secrets: { name: string; source: string }[] }>(stdout);
    expect(secrets.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
    expect(new Set(secrets.map(({ source }) => source))).toEqual(new Set(['development']));
    for (const value of Object.values(devCredentials)) expect(stdout).not.toContain(value);
  });

  it('are refused by a profile for production, every one named, before anything is made', async () => {
    stage.workspace.edit(
      'services/profiles.yaml',
      '  ultra-instinct:\n',
      '  ultra-instinct:\n    production: true\n',
    );
    const { stderr } = await arc(['up', 'ultra-instinct', '--yes'], 2);
    for (const name of names)
      expect(stderr).toContain(
        `The profile ultra-instinct is for production, and ${name} still has its public development value.`,
      );
    expect(stderr).toContain('arc secrets generate');
    expect(await stage.engine.objects()).toEqual([]);
  });
});

describe('real secrets', () => {
  it('are made for every name, into a file that only its owner can read', async () => {
    const { stdout } = await arc(['secrets', 'generate']);
    for (const name of names) expect(stdout).toContain(name);
    expect(statSync(stage.workspace.path('.arc/secrets.env')).mode & 0o777).toBe(0o600);
    const { LIVEKIT_API_SECRET = '', REDIS_PASSWORD = '' } = remember();
    expect(LIVEKIT_API_SECRET.length).toBeGreaterThanOrEqual(32);
    expect(REDIS_PASSWORD.length).toBeGreaterThanOrEqual(32);
    expect(new Set(known).size).toBe(names.length);
  });

  it('are not made a second time', async () => {
    const before = stage.workspace.read('.arc/secrets.env');
    expect((await arc(['secrets', 'generate'])).stdout).toContain('already');
    expect(stage.workspace.read('.arc/secrets.env')).toBe(before);
  });

  it('satisfy a profile for production', async () => {
    await arc(['plan', 'ultra-instinct']);
  });

  it('boot a stack that is healthy, and are in no argument list of any process meanwhile', async () => {
    const seen = new Set<string>();
    let running = true;
    const watch = (async () => {
      while (running) {
        for (const { command } of processes()) seen.add(command);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    })();
    try {
      const { stdout } = await arc(['up', ...core, '--debug']);
      // What applications are told is no secret.
      expect(stdout).toContain(`API key  ${realSecrets(stage.workspace).LIVEKIT_API_KEY}\n`);
      await arc(['health']);
    } finally {
      running = false;
      await watch;
    }
    // Proof that it looked at the right moment.
    expect([...seen]).toContainEqual(
      expect.stringMatching(/arc\.cjs up storage realtime|start\.cjs up storage/),
    );
    expect([...seen]).toContainEqual(expect.stringContaining('redis-server'));
    expect(leaksIn([...seen].join('\n'), [...known])).toEqual([]);
    await writeData('kept', credentials());
  });

  it('work: the development values do not any more', async () => {
    await expect(readData(devCredentials)).rejects.toThrow();
    expect(await readData(credentials())).toEqual({ key: 'kept', object: 'kept' });
  });

  it('are in nothing that the Engine tells of containers and images', async () => {
    const { docker } = stage.engine;
    const ids = Object.values(await stage.engine.containers()).map(({ id }) => id);
    expect(ids).toHaveLength(3);
    for (const id of ids) {
      const container = await docker.getContainer(id).inspect();
      const image = await docker.getImage(container.Image).inspect();
      const history = await docker.getImage(container.Image).history();
      expect(leaksIn(JSON.stringify([container, image, history]), [...known])).toEqual([]);
    }
  });

  it('are in no file but those in a folder that is its owner’s alone, and that git ignores', async () => {
    await arc(['generate']);
    const files = readdirSync(stage.workspace.root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const holding = files.filter((file) =>
      [...known].some((value) => readFileSync(file, 'utf8').includes(value)),
    );
    expect(holding).toContain(stage.workspace.path('.arc/secrets.env'));
    expect(holding.filter((file) => !file.startsWith(stage.workspace.path('.arc')))).toEqual([]);
    expect(statSync(stage.workspace.path('.arc')).mode & 0o777).toBe(0o700);
    for (const file of holding) {
      const { exitCode } = await execa('git', ['check-ignore', '--quiet', file], {
        cwd: stage.workspace.root,
        reject: false,
      });
      expect(exitCode, `${file} is ignored by git`).toBe(0);
    }
  });

  it('are warned of where others can read them', async () => {
    chmodSync(stage.workspace.path('.arc/secrets.env'), 0o644);
    const { stderr } = await arc(['secrets', 'list']);
    chmodSync(stage.workspace.path('.arc/secrets.env'), 0o600);
    expect(stderr).toContain('warning[secrets-readable]');
  });

  it('that are variables of the environment come first', async () => {
    const { stdout } = await stage.succeed(['secrets', 'list'], {
      environment: { REDIS_PASSWORD: 'from-the-environment-and-long-enough' },
    });
    expect(stdout).toMatch(/^redis_password +environment /m);
    expect(stdout).toMatch(/^minio_root_user +file /m);
    expect(stdout).not.toContain('from-the-environment');
  });
});

describe('rotation', () => {
  it('asks first, and changes nothing without an answer', async () => {
    const before = stage.workspace.read('.arc/secrets.env');
    const { stderr } = await arc(['secrets', 'rotate', 'redis_password'], 2);
    expect(stderr).toContain('add --yes');
    expect(stage.workspace.read('.arc/secrets.env')).toBe(before);
  });

  it('of one recreates what uses it and nothing else; the data is there under the new value alone', async () => {
    const old = credentials();
    await arc(['secrets', 'rotate', 'redis_password', '--yes']);
    expect(credentials()).toMatchObject({ minioUser: old.minioUser, minioPassword: old.minioPassword });
    expect(credentials().redisPassword).not.toBe(old.redisPassword);
    expect(await changedBy(core)).toEqual([
      '~ config .arc/config/cache/redis.conf  (out of date)',
      '~ config .arc/config/cache/redis-cli.env  (out of date)',
      '~ config .arc/config/realtime/livekit.yaml  (out of date)',
      expect.stringMatching(/^~ container arc-cache {2}\(config changed: config/),
      expect.stringMatching(/^~ container arc-realtime {2}\(config changed: config/),
    ]);
    const unwell = await stage.arc(['health']);
    expect(unwell.exitCode).toBe(1);
    expect(unwell.stdout).toContain('arc-cache was created with another config than its manifest gives now');
    await arc(['up', ...core]);
    await arc(['health']);
    expect(await readData(credentials())).toEqual({ key: 'kept', object: 'kept' });
    await expect(readData({ ...credentials(), redisPassword: old.redisPassword })).rejects.toThrow();
  });

  it('of all keeps the data as well, and the stack is healthy with its new keys', async () => {
    await arc(['secrets', 'rotate', '--yes']);
    // The server that runs has the old key, so nobody can say who is in its rooms.
    const { stderr } = await arc(['up', ...core], 2);
    expect(stderr).toContain('any open room (the server does not list them: invalid API key');
    await arc(['up', ...core, '--yes']);
    await arc(['health']);
    expect(await readData(credentials())).toEqual({ key: 'kept', object: 'kept' });
    expect(await changedBy(core)).toEqual(['nothing to do']);
  });
});

describe('nothing that arc says', () => {
  it('has a secret in it, in any form of output, of any command', async () => {
    const looks = [
      ['status'],
      ['health'],
      ['logs'],
      ['images'],
      ['plan', ...core],
      ['explain', 'cache'],
      ['explain', 'realtime'],
      ['validate'],
      ['generate', '--check'],
      ['secrets', 'list'],
      ['graph'],
      ['doctor'],
    ];
    for (const look of looks) {
      for (const form of [[], ['--json'], ['--debug']])
        said.push((await stage.arc([...look, ...form])).output);
    }
    const onTty = await onTerminal({
      command: `${launcher} restart cache; ${launcher} status`,
      cwd: stage.workspace.root,
      columns: 120,
      environment: stage.environment,
    });
    said.push(onTty.raw);
    expect(said.length).toBeGreaterThan(looks.length * 3);
    expect(leaksIn(said.join('\n'), hidden())).toEqual([]);
  });

  it('not even when health is told a wrong one', async () => {
    const wrong = 'a-wrong-secret-that-is-as-long-as-it-must-be';
    const { exitCode, output } = await stage.arc(['health', '--debug'], {
      environment: { LIVEKIT_API_SECRET: wrong, REDIS_PASSWORD: wrong },
    });
    expect(exitCode).toBe(1);
    expect(leaksIn(output, [...hidden(), wrong])).toEqual([]);
  });
});
