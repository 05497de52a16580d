import { join } from 'node:path';
import { buildKitNeeds, startBuildKit } from '../support/buildkit.ts';
import { githubToken, startGithub } from '../support/github-server.ts';
import { makeImageWorkspace, pushTestBase } from '../support/image-workspace.ts';
import { startRegistry } from '../support/registry.ts';
import { bounds } from './bounds.ts';
import { type Bench, requireTools } from './context.ts';
import { race, run } from './measure.ts';
import { secondsRow } from './report.ts';

/** How long `arc release` takes to find out that a release of two images is finished. */
export const benchRelease: Bench = async (context) => {
  requireTools(...buildKitNeeds, 'docker-registry');
  const { folder, arc } = context;
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
    context.progress('releasing two images');
    await release();
    const name = 'arc release';
    const result = await race({ ...context, contenders: [{ name, turn: (lap) => lap('run', release) }] });
    const figure = 'a finished release, again';
    return [secondsRow({ figure, timing: result(name, 'run'), bound: bounds.release[figure] })];
  } finally {
    workspace.remove();
    await github.close();
    await buildkit.close();
    await registry.close();
  }
};
