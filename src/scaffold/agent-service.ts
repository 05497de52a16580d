import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findPackageRoot } from '../host/package-root.ts';

/** Where arc's package has the program of a custom agent, and the agent that it takes files from. */
const own = 'packages/voice/custom-agent';
const shared = 'packages/voice/agent';

/** What the manifest of arc's package has where a name is to be. */
const placeholder = /\bNAME\b/g;

/** What a custom agent needs beside it in a workspace. */
export const agentNeeds: readonly string[] = ['realtime', 'speech', 'brain'];

/**
 * Files of a service with an agent of a person's own: its manifest, and a program that hears, thinks and speaks through
 * the services of the stack. What it shares with arc's agent is copied, so that it is all theirs.
 *
 * @param options.name role of the service, and what a dispatch names
 * @returns by path in the workspace
 */
export async function agentService(options: {
  name: string;
  packageRoot?: string;
}): Promise<ReadonlyMap<string, string>> {
  const { name, packageRoot = findPackageRoot() } = options;
  const read = (path: string): Promise<string> => readFile(join(packageRoot, path), 'utf8');
  const orders = (await readdir(join(packageRoot, shared, 'orders'))).filter(isSource);
  const programs = (await readdir(join(packageRoot, own))).filter(isSource);
  const files = await Promise.all([
    ...programs.map(async (file) => [file, besides(await read(`${own}/${file}`))] as const),
    ...['log.ts', 'mend-races.ts', ...orders.map((file) => `orders/${file}`)].map(
      async (file) => [file, await read(`${shared}/${file}`)] as const,
    ),
    // Of this content alone, whatever the agent is called: so its base is built once.
    ...['package.json', 'package-lock.json'].map(
      async (file) =>
        [
          file,
          (await read(`${shared}/${file}`)).replaceAll('"@arc-framework/voice-agent"', '"agent-program"'),
        ] as const,
    ),
  ]);
  const folder = `services/${name}`;
  return new Map([
    [`${folder}/service.yaml`, (await read(`${own}/service.yaml`)).replaceAll(placeholder, name)],
    ...files.map(([file, text]) => [`${folder}/program/${file}`, text] as const),
  ]);
}

const isSource = (file: string): boolean => file.endsWith('.ts') && !file.endsWith('.test.ts');

/** In a workspace, everything is in one folder. */
function besides(text: string): string {
  return text.replaceAll("'../agent/", "'./");
}
