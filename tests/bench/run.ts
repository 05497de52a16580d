// `make bench`: measures arc against Docker Compose, buildx, a shell script and bare Node on this machine, in one run,
// and prints ratios. Nothing is printed that was not measured. ARC_BENCH_ROUNDS (default 5) sets the counted rounds.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildGoTool } from '../../scripts/build-go-tool.ts';
import { benchBoot, type Media } from './boot.ts';
import { run } from './measure.ts';
import { benchMedia } from './media.ts';
import { benchPublish } from './publish.ts';
import { benchRelease } from './release.ts';
import { benchScale } from './scale.ts';
import { benchStartup } from './startup.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const arc = join(root, 'bin', 'arc');
const rounds = Number(process.env.ARC_BENCH_ROUNDS ?? 5);
const wanted = new Set(process.argv.slice(2));
const runs = (part: string): boolean => wanted.size === 0 || wanted.has(part);

const running = await run('docker', ['ps', '--quiet', '--filter', 'name=^arc-']);
if (running !== '') {
  process.stderr.write('error: a stack is running on this Engine; run `arc down` first, its data is kept\n');
  process.exit(1);
}

const folder = await mkdtemp(join(tmpdir(), 'arc-bench-'));
try {
  process.stdout.write(
    `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, ${rounds} rounds\n`,
  );
  if (runs('startup'))
    await benchStartup({ rounds: rounds * 2, workspace: root, arc, node: process.execPath });
  if (runs('scale')) await benchScale({ folder, arc });
  if (runs('publish')) await benchPublish({ rounds, folder, arc });
  if (runs('release')) await benchRelease({ rounds, folder, arc });
  if (runs('media')) await workers();
  for (const media of ['range', 'mux'] as const) if (runs(media)) await boot(media);
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** The embedded workers, in a stack of their own. */
async function workers(): Promise<void> {
  const workspace = join(folder, 'workers');
  await cp(join(root, 'services'), join(workspace, 'services'), { recursive: true });
  await writeFile(
    join(workspace, 'arc.yaml'),
    'project: arcbench\nflavours: embedded\nsettings: { media: mux }\n',
  );
  await run(arc, ['generate', '--quiet'], { cwd: workspace });
  await run(arc, ['up', 'think', '--quiet', '--yes'], { cwd: workspace });
  try {
    await benchMedia({ folder: join(folder, 'media') });
  } finally {
    await run(arc, ['clean', '--yes', '--quiet'], { cwd: workspace });
    await run('docker', ['network', 'rm', 'arc_platform_net']);
  }
}

/** In a workspace of its own, so that the media mode is a setting in arc.yaml and reaches the generated files. */
async function boot(media: Media): Promise<void> {
  const compose = await buildGoTool({
    name: 'docker-compose',
    environment: process.env,
    progress: (line) => process.stderr.write(`${line}\n`),
  });
  const workspace = join(folder, media);
  await cp(join(root, 'services'), join(workspace, 'services'), { recursive: true });
  await writeFile(
    join(workspace, 'arc.yaml'),
    `project: arcbench\nnetwork: arc_platform_net\ndefault_profile: think\nsettings: { media: ${media} }\n`,
  );
  await run(arc, ['generate', '--quiet'], { cwd: workspace });
  await quickenHealthChecks(workspace);
  // Makes the images, the network and the volumes, which nothing below is timed with.
  await run(arc, ['up', 'cache', 'storage', 'realtime', '--partial', '--flavour', 'upstream', '--quiet'], {
    cwd: workspace,
  });
  await run(arc, ['down', '--quiet'], { cwd: workspace });
  try {
    await benchBoot({ media, rounds, workspace, arc, compose });
  } finally {
    await run('docker', ['rm', '--force', 'arc-cache', 'arc-storage', 'arc-realtime']);
    await run(arc, ['clean', '--yes', '--quiet'], { cwd: workspace });
    await run('docker', ['network', 'rm', 'arc_platform_net']);
  }
}

/**
 * Lets Compose look as early as it can: its first health check comes after one whole interval, and it asks the Engine
 * every half second. Of 100, 250, 500 and 1000 ms this was the fastest.
 */
async function quickenHealthChecks(workspace: string): Promise<void> {
  for (const role of ['cache', 'storage', 'realtime']) {
    const file = join(workspace, 'services', role, 'docker-compose.yml');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replaceAll(/interval: \d+s/g, 'interval: 250ms'));
  }
}
