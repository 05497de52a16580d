import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectDocker } from '../../src/platform/docker/connect.ts';
import { useEmbedded } from './compose-files.ts';
import type { BenchContext } from './context.ts';
import { run } from './measure.ts';

/** Project of every stack of the bench. */
export const benchProject = 'arcbench';
const network = 'arc_platform_net';

/** The services and contracts of this repository in a workspace of the bench, and arc run in it. */
export type BenchStack = {
  workspace: string;
  arc: (...words: string[]) => Promise<string>;
  /** Containers, data and network. */
  remove: () => Promise<void>;
};

/**
 * @param options.name of its folder
 * @param options.lines of its arc.yaml, beside project and network: so settings reach the generated files
 */
export async function makeStack(options: {
  context: BenchContext;
  name: string;
  lines: string;
}): Promise<BenchStack> {
  const { context, name, lines } = options;
  const workspace = join(context.folder, name);
  for (const part of ['services', 'contracts'])
    await cp(join(context.root, part), join(workspace, part), { recursive: true });
  await useEmbedded(join(workspace, 'services', 'realtime', 'service.yaml'));
  const head = `project: ${benchProject}\nnetwork: ${network}\ndefault_profile: think\n`;
  await writeFile(join(workspace, 'arc.yaml'), `${head}${lines}\n`);
  const arc = (...words: string[]): Promise<string> => run(context.arc, words, { cwd: workspace });
  await arc('generate', '--quiet');
  return {
    workspace,
    arc,
    remove: async () => {
      await arc('clean', '--yes', '--quiet');
      await run('docker', ['network', 'rm', network]);
    },
  };
}

/**
 * @returns containers and volumes of a stack that the bench would meet: it needs the names and the ports, and removes
 *   data at its end
 */
export async function findStacks(): Promise<readonly string[]> {
  const { docker, close } = await connectDocker({ environment: process.env, deadlineMilliseconds: 10_000 });
  try {
    const containers = await docker.listContainers({ all: true, filters: { name: ['^/?arc-'] } });
    const { Volumes: volumes } = await docker.listVolumes({ filters: { name: ['arc-'] } });
    return [
      ...containers.flatMap(({ Names }) => Names.map((name) => `container ${name.slice(1)}`)),
      ...volumes.filter(({ Name }) => Name.startsWith('arc-')).map(({ Name }) => `volume ${Name}`),
    ];
  } finally {
    close();
  }
}

/** What the Engine is: measured figures say little without it. */
export async function describeEngine(): Promise<{ version: string; api: string; driver: string }> {
  const { docker, close } = await connectDocker({ environment: process.env, deadlineMilliseconds: 10_000 });
  try {
    const [{ Version, ApiVersion }, { Driver }] = await Promise.all([docker.version(), docker.info()]);
    return { version: Version, api: ApiVersion, driver: String(Driver) };
  } finally {
    close();
  }
}
