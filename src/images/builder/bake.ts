import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failed } from '../../core/errors.ts';
import type { EventSink } from '../../core/event.ts';
import { startStep } from '../../core/report-step.ts';
import { run } from '../../host/process.ts';
import { succeeded } from '../../host/process-end.ts';
import { repositoryName } from '../../registry/reference.ts';
import { bakeFailed, noRoom } from './bake-failure.ts';
import { type BakeOutput, bakeFile } from './bake-file.ts';
import { bakeProgress } from './bake-progress.ts';
import { makePrograms } from './make-programs.ts';
import type { BuilderContext, BuildTarget, BuiltImage } from './model.ts';
import { type Builder, buildxEnvironment } from './open-builder.ts';

/** BuildKit reports several times a second while bytes move; a registry that takes longer than this is stuck. */
const idleSeconds = 120;

/** The job of a bake. */
type BakeJob = {
  targets: readonly BuildTarget[];
  platforms: readonly string[];
  epochSeconds: number;
  /** Push them by digest, without a tag, or keep them in the builder's cache. */
  output: BakeOutput;
  emit: EventSink;
  signal: AbortSignal;
};

/** A bake that has started but has no job yet. */
export type StartedBake = {
  builder: Builder;
  /** Ends it, unless it has been told what to do. Resolves when nothing of it is left. */
  cancel: () => Promise<void>;
  /** Tells it. @throws ArcError as bake does */
  finish: (job: BakeJob) => Promise<readonly BuiltImage[]>;
};

/**
 * Builds several images, each for all platforms, with one call of `docker buildx bake`: what they share is done once.
 * Logins come from Docker's own configuration, which buildx reads itself.
 *
 * @throws ArcError (exit status 1) `image-build-failed` with the failed step's last lines, `image-push-failed`,
 *   `build-stuck`; (4) `no-disk-space`, `registry-unauthorized`
 */
export async function bake(
  options: BuilderContext & BakeJob & { builder: Builder },
): Promise<readonly BuiltImage[]> {
  return await startBake(options).finish(options);
}

/** Starts buildx before its work is known: it takes a moment until it reads what to do. */
export function startBake(
  options: Pick<BuilderContext, 'root' | 'environment' | 'signal'> & { builder: Builder },
): StartedBake {
  const { root, environment, builder } = options;
  const cancelled = new AbortController();
  const signal = AbortSignal.any([options.signal, cancelled.signal]);
  const job = Promise.withResolvers<string>();
  const said: string[] = [];
  let onLine = (line: string): void => void said.push(line);
  const running = (async () => {
    const work = await makeFolder();
    try {
      const metadata = join(work, 'metadata.json');
      const end = await run({
        command: builder.program,
        args: [
          ...['bake', '--builder', builder.name, '--file', '-'],
          ...['--progress', 'rawjson', '--metadata-file', metadata],
        ],
        cwd: root,
        environment: buildxEnvironment(environment),
        input: job.promise,
        idleMilliseconds: idleSeconds * 1000,
        stop: { group: true },
        signal,
        onLine: (line) => onLine(line),
      });
      return { end, metadata: succeeded(end) ? await readFile(metadata, 'utf8') : undefined };
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  })();
  // Only the caller that gives it work learns how it ends; an unneeded builder ends silently.
  running.catch(() => {});
  let isTold = false;
  return {
    builder,
    cancel: async () => {
      if (isTold) return;
      cancelled.abort();
      await Promise.allSettled([running]);
    },
    finish: async ({ emit, ...given }) => {
      isTold = true;
      await using programs = new AsyncDisposableStack();
      const { targets, output } = given;
      const steps = startSteps({ targets, output, emit });
      const progress = bakeProgress({
        roles: targets.map(({ role }) => role),
        onNews: (role, news) => steps.get(role)?.update(news),
      });
      const stop = (): void => cancelled.abort(given.signal.reason);
      given.signal.addEventListener('abort', stop, { once: true });
      try {
        given.signal.throwIfAborted();
        onLine = progress.read;
        said.forEach(progress.read);
        const { folders } = programs.use(await makePrograms({ root, environment, ...given, steps }));
        job.resolve(bakeFile({ ...given, programs: folders }));
        const { end, metadata } = await running;
        if (metadata === undefined)
          throw await bakeFailed({ ...options, targets, progress, end, idleSeconds });
        const built = digestsIn({ targets, text: metadata });
        for (const { role, digest } of built) steps.get(role)?.done({ digest });
        return built;
      } catch (cause) {
        const why = progress.failure();
        for (const [role, step] of steps) {
          const reason = why?.role === role ? why.error : signal.aborted ? 'interrupted' : 'not finished';
          step.failed(new Error(reason), 'image-build-failed');
        }
        // It waits for its work where that could not be made.
        cancelled.abort();
        await Promise.allSettled([running]);
        throw cause;
      } finally {
        given.signal.removeEventListener('abort', stop);
      }
    },
  };
}

function startSteps(options: Pick<BakeJob, 'targets' | 'output' | 'emit'>) {
  const { targets, output, emit } = options;
  return new Map(
    targets.map(({ role, repository }) => [
      role,
      startStep({
        emit,
        id: `build:${repositoryName(repository)}`,
        verb: output === 'push' ? 'build-and-push' : 'build',
        on: `image/${repositoryName(repository)}`,
        role,
      }),
    ]),
  );
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
