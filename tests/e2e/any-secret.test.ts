import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import { formatSecret } from '../../src/workspace/secrets-format.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';

/** Secrets as people have them: from password managers, in other alphabets, and what looks like a number. */
const sets = {
  'digits only, with leading zeros': {
    LIVEKIT_API_SECRET: '0123456789012345678901234567890123456789',
    REDIS_PASSWORD: '012345678901',
    MINIO_ROOT_PASSWORD: '00000000',
  },
  'quotes, spaces and what shells, YAML and URLs take for theirs': {
    LIVEKIT_API_SECRET: `'"\`$HOME \\ #: - {}[]&*!|>%@ /+= a colon: and more`,
    REDIS_PASSWORD: `p@ss/w0rd== '"\\ #$(id)%41:;`,
    MINIO_ROOT_PASSWORD: 'p@ss/w0rd==:a:b "x" \\$HOME #%41',
  },
  'other alphabets': {
    LIVEKIT_API_SECRET: 'grüße aus köln, 東京 и Москвы, mit vielen zeichen',
    REDIS_PASSWORD: 'пароль-für-東京',
    MINIO_ROOT_PASSWORD: 'пароль-für-東京',
  },
} as const;

const file = '.arc/secrets.env';

describe.each(Object.entries(sets))('secrets of %s', (_, values) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ settings: { media: 'mux' } });
    const lines = Object.entries(values).map(
      ([name, value]) => `${formatSecret({ name, value: new Secret(value) })}\n`,
    );
    mkdirSync(stage.workspace.path('.arc'), { mode: 0o700 });
    stage.workspace.write(file, `# as they were given to us\n${lines.join('')}`);
  });
  afterAll(() => stage?.close());

  it('open every server, for arc, for the containers among each other and for the Engine', async () => {
    await stage.succeed(['validate']);
    await stage.succeed(['up', 'think', '--yes']);
    const health = await stage.succeed(['health']);
    for (const check of ['bucket', 'signalling', 'api', 'refusal', 'state', 'ingress', 'egress', 'media'])
      expect(health.stdout).toMatch(new RegExp(`✓ +\\w+ ${check} `));
    await until({
      what: 'the health checks of the Engine itself',
      ask: async () => {
        const containers = Object.values(await stage.engine.containers());
        return containers.filter(({ health }) => health === 'healthy').length === 5;
      },
    });
  });

  it('are kept byte for byte when another one is rotated, and shown by nothing', async () => {
    const before = stage.workspace.read(file);
    await stage.succeed(['secrets', 'rotate', 'redis_password', '--yes']);
    const after = stage.workspace.read(file);
    const others = (text: string) => text.split('\n').filter((line) => !line.startsWith('REDIS_PASSWORD='));
    expect(others(after)).toEqual(others(before));
    expect(after).not.toBe(before);
    const { output } = await stage.succeed(['up', 'think', '--yes']);
    for (const value of Object.values(values)) expect(output).not.toContain(value);
    await stage.succeed(['health']);
  });
});
