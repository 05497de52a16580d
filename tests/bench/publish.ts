import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildKit, buildKitNeeds, startBuildKit } from '../support/buildkit.ts';
import { type ImageWorkspace, makeImageWorkspace, pushTestBase } from '../support/image-workspace.ts';
import { needs } from '../support/needs.ts';
import { type RegistryServer, startRegistry } from '../support/registry.ts';
import { type Contender, printRows, race, ratioRow, run } from './measure.ts';

/** Of the base, for each platform, in bytes that do not compress: a typical size of upstream images in a registry. */
const baseBytes = 50_000_000;
const roles = ['front', 'front-worker', 'store'];
const bound = 1.1;

/**
 * Three wrappers for two platforms, built and pushed to a registry on this machine, in two ways: `arc publish`, and
 * `docker buildx bake` with a file that gives it the same labels, times and bases. Warm: the bases are in the builder's
 * cache and in the registry's repositories, and the commit is new. Cold: builder and repositories are empty.
 */
export async function benchPublish(options: { rounds: number; folder: string; arc: string }): Promise<void> {
  const { rounds, folder, arc } = options;
  if (needs(...buildKitNeeds, 'docker-registry').skip) {
    process.stdout.write('\nbuilding and pushing: not measured, it takes root, runc and docker-registry\n');
    return;
  }
  const registry = await startRegistry({ folder: join(folder, 'registry'), auth: false });
  const bench: Bench = { folder, arc, registry, buildkit: await startBuildKit(), workspace: undefined };
  try {
    for (const role of roles) {
      const reference = `${baseOf(bench, role)}:1.0`;
      await pushTestBase({ buildkit: bench.buildkit, reference, bytes: baseBytes });
    }
    bench.workspace = await makeImageWorkspace({ registry: registry.address, base: 'base:1.0' });
    nameBases({ bench, workspace: bench.workspace });
    await run(arc, ['images', 'lock', '--quiet'], {
      cwd: bench.workspace.root,
      env: bench.buildkit.environment,
    });
    const [arcWarm, bakeWarm] = await race({ rounds, contenders: contenders(bench, async () => {}) });
    const [arcCold, bakeCold] = await race({ rounds, contenders: contenders(bench, () => forget(bench)) });
    printRows('three images for two platforms, built and pushed', [
      ratioRow({ figure: 'warm: arc publish ÷ docker buildx bake', of: arcWarm, to: bakeWarm, bound }),
      ratioRow({ figure: 'cold: arc publish ÷ docker buildx bake', of: arcCold, to: bakeCold, bound }),
    ]);
  } finally {
    bench.workspace?.remove();
    await bench.buildkit.close();
    await registry.close();
  }
}

type Bench = {
  folder: string;
  arc: string;
  registry: RegistryServer;
  buildkit: BuildKit;
  workspace: ImageWorkspace | undefined;
};

function baseOf({ registry }: Bench, role: string): string {
  return `${registry.address}/hub/base-of-${role}`;
}

/** Each image has a base of its own, as those of real services do. */
function nameBases(options: { bench: Bench; workspace: ImageWorkspace }): void {
  const { bench, workspace } = options;
  for (const service of ['front', 'store']) {
    const file = `services/${service}/service.yaml`;
    let role = '';
    const lines = workspace
      .read(file)
      .split('\n')
      .map((line) => {
        role = /^[ -]*role: (.+)$/.exec(line)?.[1] ?? role;
        return line.replace('base:1.0', `${baseOf(bench, role)}:1.0`);
      });
    workspace.write(file, lines.join('\n'));
  }
}

/** Both take a commit that nobody has published. */
function contenders(bench: Bench, before: () => Promise<void>): readonly Contender[] {
  const root = bench.workspace?.root ?? '';
  return [
    {
      name: 'arc',
      before: async () => {
        await before();
        await nextCommit(bench);
      },
      run: () => run(bench.arc, ['publish', '--quiet'], { cwd: root, env: bench.buildkit.environment }),
    },
    {
      name: 'bake',
      before: async () => {
        await before();
        await writeBakeFile({ bench, commit: await nextCommit(bench) });
      },
      run: () =>
        run('docker', ['buildx', 'bake', '--builder', 'arc', '--file', 'docker-bake.json', '--push'], {
          cwd: root,
          env: { ...bench.buildkit.environment, BUILDX_NO_DEFAULT_ATTESTATIONS: '1' },
        }),
    },
  ];
}

async function nextCommit({ workspace }: Bench): Promise<string> {
  workspace?.write('round', randomUUID());
  workspace?.write('.gitignore', '.arc/\ndocker-bake.json\n');
  return (await workspace?.commit('next')) ?? '';
}

/** An empty builder, and nothing of the images in the registry but their bases. */
async function forget(bench: Bench): Promise<void> {
  await bench.buildkit.close();
  const repositories = join(bench.folder, 'registry', 'data', 'docker', 'registry', 'v2', 'repositories');
  rmSync(join(repositories, 'arc-test'), { recursive: true, force: true });
  bench.buildkit = await startBuildKit();
}

/** What somebody who does not have arc would write, for the same images. */
async function writeBakeFile(options: { bench: Bench; commit: string }): Promise<void> {
  const { registry, workspace } = options.bench;
  if (workspace === undefined) return;
  const { commit } = options;
  const epoch = workspace.git('log', '-1', '--format=%ct');
  const lock = await readFile(join(workspace.root, 'images.lock.yaml'), 'utf8');
  const target = Object.fromEntries(
    roles.map((role) => {
      const base = baseOf(options.bench, role);
      const digest = new RegExp(`${base}:1.0:[^]*?digest: (sha256:[0-9a-f]+)`).exec(lock)?.[1] ?? '';
      return [
        role,
        {
          context: role === 'store' ? 'services/store' : 'services/front',
          dockerfile: role === 'front-worker' ? 'Dockerfile.worker' : 'Dockerfile',
          platforms: ['linux/amd64', 'linux/arm64'],
          contexts: { [`${base}:1.0`]: `docker-image://${base}@${digest}` },
          args: { SOURCE_DATE_EPOCH: epoch },
          'no-cache': true,
          labels: {
            'org.opencontainers.image.created': new Date(Number(epoch) * 1000).toISOString(),
            'org.opencontainers.image.revision': commit,
            'org.opencontainers.image.version': `sha-${commit.slice(0, 12)}`,
            'org.opencontainers.image.base.name': `${base}:1.0`,
            'org.opencontainers.image.base.digest': digest,
          },
          tags: [`${registry.address}/arc-test/arc-${role}:sha-${commit.slice(0, 12)}`],
          output: ['type=image,oci-mediatypes=true,rewrite-timestamp=true'],
        },
      ];
    }),
  );
  await writeFile(
    join(workspace.root, 'docker-bake.json'),
    JSON.stringify({ group: { default: { targets: roles } }, target }),
  );
}
