import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failed } from '../../errors.ts';
import { repositoryName } from '../../registry/reference.ts';
import { startProgress } from '../progress.ts';
import { runProgram } from '../run-program.ts';
import { bakeFailed, noRoom } from './bake-failure.ts';
import { type BakeOutput, bakeFile } from './bake-file.ts';
import { bakeProgress } from './bake-progress.ts';
import type { BuilderContext, BuildTarget, BuiltImage } from './model.ts';
import { type Builder, buildxEnvironment } from './open-builder.ts';

/** BuildKit reports several times a second while bytes move; a registry that takes longer than this is stuck. */
const idleSeconds = 120;

/**
 * Builds several images, each for all platforms, with one call of `docker buildx bake`: what they share is done once.
 * Logins come from Docker's own configuration, which buildx reads itself.
 *
 * @param options.output push them by digest, without a tag, or keep them in the builder's cache
 * @throws ArcError (exit status 1) `image-build-failed` with the failed step's last lines, `image-push-failed`,
 *   `build-stuck`; (4) `no-disk-space`, `registry-unauthorized`
 */
export async function bake(
  options: BuilderContext & {
    builder: Builder;
    targets: readonly BuildTarget[];
    platforms: readonly string[];
    epochSeconds: number;
    output: BakeOutput;
  },
): Promise<readonly BuiltImage[]> {
  const { builder, targets, signal, emit, output } = options;
  const tasks = new Map(
    targets.map(({ role, repository }) => [
      role,
      startProgress({
        emit,
        id: `build:${repositoryName(repository)}`,
        subject: role,
        action: `build ${repositoryName(repository)}${output === 'push' ? ' and push it' : ''}`,
      }),
    ]),
  );
  const progress = bakeProgress({
    roles: targets.map(({ role }) => role),
    onStep: (role, step) => tasks.get(role)?.update(step),
  });
  const work = await makeFolder();
  const metadata = join(work, 'metadata.json');
  try {
    const end = await runProgram({
      command: builder.program,
      args: [
        ...['bake', '--builder', builder.name, '--file', '-'],
        ...['--progress', 'rawjson', '--metadata-file', metadata],
      ],
      cwd: options.root,
      environment: buildxEnvironment(options.environment),
      input: bakeFile(options),
      idleMilliseconds: idleSeconds * 1000,
      signal,
      onLine: progress.read,
    });
    if (end.kind !== 'exited' || end.status !== 0)
      throw await bakeFailed({ ...options, progress, end, idleSeconds });
    const built = digestsIn({ targets, text: await readFile(metadata, 'utf8') });
    for (const { role, digest } of built) tasks.get(role)?.done(digest);
    return built;
  } catch (cause) {
    const why = progress.failure();
    for (const [role, task] of tasks) {
      task.failed(why?.role === role ? why.error : signal.aborted ? 'interrupted' : 'not finished');
    }
    throw cause;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function makeFolder(): Promise<string> {
  try {
    return await mkdtemp(join(tmpdir(), 'arc-build-'));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOSPC') throw cause;
    throw noRoom({ reason: (cause as Error).message, builder: undefined, cause });
  }
}

/** Reads the file that `--metadata-file` writes: by target what came of it. */
function digestsIn(options: { targets: readonly BuildTarget[]; text: string }): readonly BuiltImage[] {
  const metadata = JSON.parse(options.text) as Record<string, Record<string, unknown> | undefined>;
  return options.targets.map(({ role, name }) => {
    const digest = metadata[role]?.['containerimage.digest'];
    if (typeof digest === 'string') return { role, digest };
    throw failed({
      code: 'image-build-failed',
      message: `The builder does not say which digest the image of ${name} has.`,
      suggestion: 'look at `docker buildx ls` for the version of its BuildKit; v0.13 and newer say it',
    });
  });
}
