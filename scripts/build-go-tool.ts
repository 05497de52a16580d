// Builds a tool that tests and benchmarks need from its Go module, once for each version, and prints its path:
//   node scripts/build-go-tool.ts docker-compose
// Nothing of the tool is committed: the module proxy has its source, the user's cache directory keeps the binary.
import { mkdir, rename, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { withBuildLock } from '../src/images/build-lock.ts';

type GoTool = { module: string; package: string; version: string; ldflags?: string };

const goTools = {
  'docker-compose': {
    module: 'github.com/docker/compose/v5',
    package: 'github.com/docker/compose/v5/cmd',
    version: 'v5.5.0',
    ldflags: '-X github.com/docker/compose/v5/internal.Version=v5.5.0',
  },
  actionlint: {
    module: 'github.com/rhysd/actionlint',
    package: 'github.com/rhysd/actionlint/cmd/actionlint',
    version: 'v1.7.12',
  },
  buildx: {
    module: 'github.com/docker/buildx',
    package: 'github.com/docker/buildx/cmd/buildx',
    version: 'v0.30.1',
    ldflags: '-X github.com/docker/buildx/version.Version=v0.30.1',
  },
  buildkitd: {
    module: 'github.com/moby/buildkit',
    package: 'github.com/moby/buildkit/cmd/buildkitd',
    version: 'v0.30.0',
    ldflags: '-X github.com/moby/buildkit/version.Version=v0.30.0',
  },
  cosign: {
    module: 'github.com/sigstore/cosign/v3',
    package: 'github.com/sigstore/cosign/v3/cmd/cosign',
    version: 'v3.1.3',
    ldflags: '-X sigs.k8s.io/release-utils/version.gitVersion=v3.1.3',
  },
  // A registry that has the referrers API, which distribution has not.
  olareg: {
    module: 'github.com/olareg/olareg',
    package: 'github.com/olareg/olareg/cmd/olareg',
    version: 'v0.1.2',
  },
} as const satisfies Record<string, GoTool>;

export type GoToolName = keyof typeof goTools;

export const goToolNames = Object.keys(goTools) as readonly GoToolName[];

/** Longer than any build measured on two cores (Docker Compose: about 3 minutes), in milliseconds. */
const buildDeadline = 20 * 60_000;

/**
 * The path of a tool's binary; built first where it is not in `$XDG_CACHE_HOME/arc/tools` (`~/.cache/arc/tools`).
 * @param options.progress told when there is something to wait for
 * @throws the Go command's own error, with its output
 */
export async function buildGoTool(options: {
  name: GoToolName;
  environment: Readonly<Record<string, string | undefined>>;
  progress: (line: string) => void;
}): Promise<string> {
  const { name, environment, progress } = options;
  const tool: GoTool = goTools[name];
  const cache = environment.XDG_CACHE_HOME || join(environment.HOME || homedir(), '.cache');
  const folder = join(cache, 'arc', 'tools', `${name}-${tool.version}`);
  const binary = join(folder, name);
  if (await exists(binary)) return binary;

  // Tests that run at the same time want the same tool: one builds it, the others wait.
  await withBuildLock({
    file: `${folder}.lock`,
    signal: AbortSignal.timeout(buildDeadline),
    onWait: () => {},
    work: async () => {
      if (await exists(binary)) return;
      progress(`building ${name} ${tool.version} from its Go module; minutes the first time`);
      await mkdir(folder, { recursive: true });
      await build({ tool, folder, binary });
    },
  });
  return binary;
}

async function build(options: { tool: GoTool; folder: string; binary: string }): Promise<void> {
  const { tool, folder, binary } = options;
  // In the tool's own module, where its replace and exclude directives and its go.sum hold: `go install pkg@version`
  // refuses modules with such directives, and a module of our own would have to repeat them.
  const go = (directory: string, ...parameters: string[]) =>
    execa('go', parameters, {
      cwd: directory,
      env: { CGO_ENABLED: '0', GOFLAGS: '-mod=readonly', GOWORK: 'off' },
      timeout: buildDeadline,
    });
  const { stdout } = await go(folder, 'mod', 'download', '-json', `${tool.module}@${tool.version}`);
  const { Dir: sources }: { Dir: string } = JSON.parse(stdout);
  // Beside its final place, so that a build that is cut short leaves nothing that looks like a tool.
  const partial = `${binary}.${process.pid}`;
  const linker = `-s -w ${tool.ldflags ?? ''}`.trim();
  await go(sources, 'build', '-trimpath', '-ldflags', linker, '-o', partial, tool.package);
  await rename(partial, binary);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function isGoToolName(name: string | undefined): name is GoToolName {
  return name !== undefined && name in goTools;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const name = process.argv[2];
  if (isGoToolName(name)) {
    const progress = (line: string) => console.error(line);
    console.log(await buildGoTool({ name, environment: process.env, progress }));
  } else {
    console.error(`usage: node scripts/build-go-tool.ts ${Object.keys(goTools).join('|')}`);
    process.exitCode = 2;
  }
}
