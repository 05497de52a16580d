import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildKit, buildKitNeeds, startBuildKit } from '../support/buildkit.ts';
import { type ImageWorkspace, makeImageWorkspace, pushTestBase } from '../support/image-workspace.ts';
import { type RegistryServer, startRegistry } from '../support/registry.ts';
import { type BakeImage, writeBakeFile } from './bake-file.ts';
import { bounds } from './bounds.ts';
import { type Bench, type BenchContext, requireTools } from './context.ts';
import { type Contender, race, run } from './measure.ts';
import { type Row, ratioRow } from './report.ts';

/** Of the base, for each platform, in bytes that do not compress: a typical size of upstream images in a registry. */
const baseBytes = 50_000_000;
const roles = ['front', 'front-worker', 'store'];

/** A registry, a builder, and a workspace whose images go from one to the other. */
type Site = {
  context: BenchContext;
  registry: RegistryServer;
  /** Changes where a cold start is measured. */
  buildkit: BuildKit;
  workspace: ImageWorkspace;
};

/**
 * Three wrappers for two platforms, built and pushed to a registry on this machine, in two ways: `arc publish`, and
 * `docker buildx bake` with a file that gives it the same labels, times and bases. Warm: the bases are in the builder's
 * cache and in the registry's repositories, and the commit is new. Cold: builder and repositories are empty.
 */
export const benchPublish: Bench = async (context) => {
  requireTools(...buildKitNeeds, 'docker-registry');
  const registry = await startRegistry({ folder: join(context.folder, 'registry'), auth: false });
  const workspace = await makeImageWorkspace({ registry: registry.address, base: 'base:1.0' });
  const site: Site = { context, registry, workspace, buildkit: await startBuildKit() };
  try {
    context.progress('pushing bases to a registry on this machine');
    for (const role of roles)
      await pushTestBase({ buildkit: site.buildkit, reference: baseOf(site, role), bytes: baseBytes });
    nameBases(site);
    await arc(site, 'images', 'lock');
    return [
      await compare({ site, how: 'warm', before: async () => {} }),
      await compare({ site, how: 'cold', before: () => forget(site) }),
    ];
  } finally {
    workspace.remove();
    await site.buildkit.close();
    await registry.close();
  }
};

async function compare(options: {
  site: Site;
  how: 'warm' | 'cold';
  before: () => Promise<void>;
}): Promise<Row> {
  const { site, how, before } = options;
  const progress = (line: string): void => site.context.progress(`${how}: ${line}`);
  const contenders = [arcTurn({ site, before }), bakeTurn({ site, before })];
  const result = await race({ ...site.context, progress, contenders });
  const figure = `${how}: arc publish ÷ docker buildx bake` as const;
  const bound = bounds.publish[figure];
  return ratioRow({ figure, of: result('arc', 'run'), to: result('bake', 'run'), bound });
}

/** Both contenders take a commit that nobody has published. */
function arcTurn({ site, before }: { site: Site; before: () => Promise<void> }): Contender {
  return {
    name: 'arc',
    turn: async (lap) => {
      await before();
      await nextCommit(site);
      await lap('run', () => arc(site, 'publish'));
    },
  };
}

function bakeTurn({ site, before }: { site: Site; before: () => Promise<void> }): Contender {
  const { registry, workspace } = site;
  const images: readonly BakeImage[] = roles.map((role) => ({
    role,
    context: role === 'store' ? 'services/store' : 'services/front',
    dockerfile: role === 'front-worker' ? 'Dockerfile.worker' : 'Dockerfile',
    base: baseOf(site, role),
  }));
  const words = ['buildx', 'bake', '--builder', 'arc', '--file', 'docker-bake.json', '--push'];
  return {
    name: 'bake',
    turn: async (lap) => {
      await before();
      const commit = await nextCommit(site);
      await writeBakeFile({ workspace, images, registry: registry.address, commit });
      const env = { ...site.buildkit.environment, BUILDX_NO_DEFAULT_ATTESTATIONS: '1' };
      await lap('run', () => run('docker', words, { cwd: workspace.root, env }));
    },
  };
}

function arc({ context, workspace, buildkit }: Site, ...words: string[]): Promise<string> {
  return run(context.arc, [...words, '--quiet'], { cwd: workspace.root, env: buildkit.environment });
}

/** Each image has a base of its own, as those of real services do. */
function baseOf({ registry }: Site, role: string): string {
  return `${registry.address}/hub/base-of-${role}:1.0`;
}

function nameBases(site: Site): void {
  for (const service of ['front', 'store']) {
    const file = `services/${service}/service.yaml`;
    let role = '';
    const lines = site.workspace
      .read(file)
      .split('\n')
      .map((line) => {
        role = /^[ -]*role: (.+)$/.exec(line)?.[1] ?? role;
        return line.replace('base:1.0', baseOf(site, role));
      });
    site.workspace.write(file, lines.join('\n'));
  }
}

async function nextCommit({ workspace }: Site): Promise<string> {
  workspace.write('round', randomUUID());
  workspace.write('.gitignore', '.arc/\ndocker-bake.json\n');
  return workspace.commit('next');
}

/** An empty builder, and nothing of the images in the registry but their bases. */
async function forget(site: Site): Promise<void> {
  await site.buildkit.close();
  const data = join(site.context.folder, 'registry', 'data', 'docker', 'registry', 'v2', 'repositories');
  rmSync(join(data, 'arc-test'), { recursive: true, force: true });
  site.buildkit = await startBuildKit();
}
