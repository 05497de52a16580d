import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ArcError, failed } from '../../errors.ts';
import { findLogin } from '../../registry/credentials.ts';
import { unauthorized } from '../../registry/problems.ts';
import { repositoryName } from '../../registry/reference.ts';
import { startProgress } from '../progress.ts';
import { isRefusal } from '../refusal.ts';
import { describeEnd, type ProgramEnd, runProgram } from '../run-program.ts';
import { type BakeOutput, bakeFile } from './bake-file.ts';
import { type BakeProgress, bakeProgress } from './bake-progress.ts';
import type { BuilderContext, BuildTarget, BuiltImage } from './model.ts';
import { type Builder, buildxEnvironment } from './open-builder.ts';

/** BuildKit reports several times a second while bytes move; a registry that takes longer than this is stuck. */
const idleMilliseconds = 120_000;

/**
 * Builds several images, each for all platforms, with one call of `docker buildx bake`: what they share is done once.
 * Logins come from Docker's own configuration, which buildx reads itself.
 *
 * @param options.output push them by digest, without a tag, or keep them in the builder's cache
 * @throws ArcError (exit status 1) `image-build-failed` with the failed step's last lines, `image-push-failed`
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
  const work = await mkdtemp(join(tmpdir(), 'arc-build-'));
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
      idleMilliseconds,
      signal,
      onLine: progress.read,
    });
    if (end.kind !== 'exited' || end.status !== 0) throw await bakeFailed({ ...options, progress, end });
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

async function bakeFailed(options: {
  targets: readonly BuildTarget[];
  environment: BuilderContext['environment'];
  progress: BakeProgress;
  end: ProgramEnd;
}): Promise<ArcError> {
  const { targets, environment, progress, end } = options;
  const said = progress.said();
  const failure = progress.failure();
  const target = targets.find(({ role }) => role === failure?.role);
  const name = target?.name ?? targets.map((each) => each.name).join(', ');
  if (failure?.error.includes('failed to push') === true) {
    if (target && isRefusal(failure.error)) {
      const repo = target.repository;
      const found = await findLogin({ registry: repo.registry, environment });
      return unauthorized({ repo, permission: 'push', found, words: [failure.error] });
    }
    return failed({
      code: 'image-push-failed',
      message: `The image of ${name} could not be pushed: ${failure.error}.`,
      suggestion: 'look at the registry; the same command goes on with what is there already',
    });
  }
  const reason =
    failure?.error ??
    // The last line is buildx's own account of what went wrong.
    (end.kind === 'exited'
      ? said.at(-1)
      : end.kind === 'missing'
        ? 'buildx is gone'
        : `buildx ${describeEnd(end)}`);
  return failed({
    code: 'image-build-failed',
    message: `The image of ${name} could not be built: ${(reason ?? 'buildx does not say why').replace(/\.$/, '')}.`,
    detail: failure ? [failure.step, ...failure.log] : said,
    suggestion: "Its Dockerfile is in the service's folder: `arc generate` writes it from the manifest.",
  });
}
