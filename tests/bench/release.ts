import { join } from 'node:path';
import { buildKitNeeds, startBuildKit } from '../support/buildkit.ts';
import { githubToken, startGithub } from '../support/github-server.ts';
import { makeImageWorkspace, pushTestBase } from '../support/image-workspace.ts';
import { needs } from '../support/needs.ts';
import { startRegistry } from '../support/registry.ts';
import { race, run } from './measure.ts';

/** Seconds that a release may take that is finished already. */
const bound = 2;

/** How long `arc release` takes to find out that a release of two images is finished. */
export async function benchRelease(options: { rounds: number; folder: string; arc: string }): Promise<void> {
  const { rounds, folder, arc } = options;
  if (needs(...buildKitNeeds, 'docker-registry').skip) {
    process.stdout.write('\na finished release: not measured, it takes root, runc and docker-registry\n');
    return;
  }
  const registry = await startRegistry({ folder: join(folder, 'release-registry'), auth: false });
  const buildkit = await startBuildKit();
  const github = await startGithub({ repository: 'arc-test/arc', hasTag: () => true });
  const base = `${registry.address}/hub/testbox:1.0`;
  const workspace = await makeImageWorkspace({ registry: registry.address, base });
  const { root, git } = workspace;
  const env = { ...buildkit.environment, GITHUB_API_URL: github.api, GITHUB_TOKEN: githubToken };
  const release = (): Promise<string> =>
    run(arc, ['release', 'front', 'v0.1.0', '--quiet'], { cwd: root, env });
  try {
    await pushTestBase({ buildkit, reference: base });
    await run(arc, ['images', 'lock', '--quiet'], { cwd: root, env });
    const origin = join(folder, 'release-origin.git');
    await run('git', ['init', '--quiet', '--bare', origin]);
    git('config', 'user.name', 'A');
    git('config', 'user.email', 'a@example.com');
    git('remote', 'add', 'origin', origin);
    await workspace.commit('released');
    git('push', '--quiet', 'origin', 'HEAD:main');
    await release();
    const [again] = await race({ rounds, contenders: [{ name: 'arc release', run: release }] });
    const { median = Number.NaN, seconds = [] } = again ?? {};
    process.stdout.write(
      `\na release of two images that is finished, again\n  ${median <= bound ? 'ok  ' : 'OVER'} within ${bound} s: ` +
        `${median.toFixed(2)} s [${seconds[0]?.toFixed(2)}–${seconds.at(-1)?.toFixed(2)}]\n`,
    );
  } finally {
    workspace.remove();
    await github.close();
    await buildkit.close();
    await registry.close();
  }
}
