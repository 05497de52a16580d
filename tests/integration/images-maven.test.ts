import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureImages } from '../../src/images/ensure.ts';
import type { ImageRequest } from '../../src/images/model.ts';
import { fixRecipe } from '../../src/images/recipes/fixed-step.ts';
import type { RecipeStep } from '../../src/manifest/model-recipe.ts';
import { openBench, runIn, startIn, stepLines, type TestBench, tinyRequest } from './images-engine.ts';

// A base of Debian's Java with a database server, a jar that depends on another one, and a distribution that is an
// archive of programs and jars.

const image = 'arc-test.invalid/java:latest';
const codegen = '245a2e5d7fc1f8c06b37b7aa0fc1781d47110cc7b4ec77dc3583cc505f99d827';
const picocli = 'ed441183f309b93f104ca9e071e314a4062a893184e18a3c7ad72ec9cba12ba0';
const lockLine = `${picocli}  info.picocli:picocli:4.7.6`;

const java: RecipeStep = {
  kind: 'debian',
  suite: 'bookworm',
  variant: 'extract',
  packages: ['default-jre-headless', 'busybox-static'],
  links: { '/usr/bin/java': '/usr/lib/jvm/default-java/bin/java', '/bin/sh': 'busybox' },
};
const server: RecipeStep = {
  kind: 'maven',
  artifacts: {
    'com.h2database:h2:2.3.232': '8dae62d22db8982c3dcb3826edb9c727c5d302063a67eef7d63d82de401f07d3',
  },
  target: '/opt/h2',
};
const withLock: RecipeStep = {
  kind: 'maven',
  artifacts: { 'info.picocli:picocli-codegen:4.7.6': codegen },
  lock: 'maven.lock',
  target: '/opt/lib',
};
const distribution: RecipeStep = {
  kind: 'maven',
  artifacts: {
    'org.apache.maven:apache-maven:3.9.9:tar.gz:bin':
      '7a9cdf674fc1703d6382f5f330b3d110ea1b512b51f1652846d9e4e8a588d766',
  },
  files: { '/opt/maven': 'apache-maven-3.9.9' },
};

let bench: TestBench;
beforeAll(async () => {
  bench = await openBench({ cache: 'empty' });
  mkdirSync(join(bench.folder, 'services/sql'), { recursive: true });
});
afterAll(() => bench?.close());

async function request(steps: readonly RecipeStep[], lock = `${lockLine}\n`): Promise<ImageRequest> {
  writeFileSync(join(bench.folder, 'services/sql/maven.lock'), lock);
  const recipe = await fixRecipe({ recipe: steps, root: bench.folder, folder: 'services/sql' });
  return tinyRequest({ policy: 'local', name: 'java', recipe });
}

describe('a base with Java and files of a Maven repository', () => {
  it('is built, and says what Maven is doing', async () => {
    const requests = [await request([java, server, withLock, distribution])];
    const { missing } = await ensureImages({ ...bench.context, requests });
    expect(missing).toEqual([]);
    expect(stepLines(bench.events).join('\n')).toMatch(/step [234] of 4, (?:mvn|unpacking|\S+ from Maven)/);
  });

  it('starts the server, which answers a client', async () => {
    const running = await startIn({
      docker: bench.docker,
      image,
      command: [
        'java',
        '-cp',
        '/opt/h2/*',
        'org.h2.tools.Server',
        '-tcp',
        '-ifNotExists',
        '-baseDir',
        '/data',
      ],
      until: /TCP server running/,
    });
    try {
      const url = 'jdbc:h2:tcp://127.0.0.1/rooms';
      const ask = ['java', '-cp', '/opt/h2/*', 'org.h2.tools.Shell', '-user', 'sa', '-url', url, '-sql'];
      await running.run([...ask, "create table rooms as select 'lobby' as name"]);
      expect(await running.run([...ask, 'select name from rooms'])).toContain('lobby');
    } finally {
      await running.remove();
    }
  });

  it('has what the lock names, and what an archive holds with its programs', async () => {
    const script = 'busybox ls /opt/h2 /opt/lib && busybox ls -l /opt/maven/bin/mvn && busybox ls /opt/maven';
    const written = await runIn(bench.docker, image, ['sh', '-c', script]);
    expect(written).toMatch(
      /h2-2\.3\.232\.jar\s+\/opt\/lib:\s+picocli-4\.7\.6\.jar\s+picocli-codegen-4\.7\.6\.jar\s+-rwxr-xr-x .*\/bin\/mvn/,
    );
    const boot = ['java', '-cp', '/opt/maven/boot/*', '-Dclassworlds.conf=/opt/maven/bin/m2.conf'];
    const options = [
      '-Dmaven.home=/opt/maven',
      '-Dmaven.multiModuleProjectDirectory=/',
      'org.codehaus.plexus.classworlds.launcher.Launcher',
    ];
    expect(await runIn(bench.docker, image, [...boot, ...options, '--version'])).toContain(
      'Apache Maven 3.9.9',
    );
  });
});

describe('files that are not as they were pinned', () => {
  const detailOf = async (step: RecipeStep, lock?: string) => {
    const { missing } = await ensureImages({ ...bench.context, requests: [await request([step], lock)] });
    return missing[0]?.problem.detail?.join('\n');
  };

  it('are refused, although Maven has checked them against the sums of its repository', async () => {
    const artifacts = { 'info.picocli:picocli-codegen:4.7.6': '0'.repeat(64) };
    expect(await detailOf({ ...withLock, artifacts })).toContain(
      `info.picocli:picocli-codegen:4.7.6 has ${codegen}, not ${'0'.repeat(64)}`,
    );
  });

  it('are shown as the lines that the lock file lacks', async () => {
    expect(await detailOf(withLock, '')).toContain(lockLine);
  });

  it('are named where there are none', async () => {
    const artifacts = { 'info.picocli:picocli-none:4.7.6': codegen };
    const text = await detailOf({ ...withLock, artifacts });
    expect(text).toContain('info.picocli:picocli-none:jar:4.7.6');
    expect(text).not.toContain('-X switch');
  });
});
