import { type ArcError, failed, prerequisite } from '../../core/errors.ts';
import { run } from '../../host/process.ts';
import { describeEnd, succeeded } from '../../host/process-end.ts';
import { findBuildx } from './buildx.ts';
import { adviseBuilder, chooseBuilder, createBuilder, type ListedBuilder } from './choose-builder.ts';
import type { BuilderContext } from './model.ts';

/** buildx, and the builder to use. */
export type Builder = { program: string; name: string };

/** buildx asks every builder; it does not wait for builders that do not answer. */
const listMilliseconds = 30_000;

/**
 * Finds a builder for several platforms.
 *
 * @throws ArcError (exit status 4) `missing-buildx`, `no-builder` with what is wrong with each that there is;
 *   (1) `buildx-failed`
 */
export async function openBuilder(
  options: Pick<BuilderContext, 'root' | 'environment' | 'signal'>,
): Promise<Builder> {
  const { environment } = options;
  const program = findBuildx(environment);
  if (program === undefined) throw missingBuildx();
  const known = {
    builders: await listBuilders({ ...options, program }),
    named: environment.BUILDX_BUILDER || undefined,
  };
  const choice = chooseBuilder(known);
  if ('builder' in choice) return { program, name: choice.builder };
  throw prerequisite({
    code: 'no-builder',
    message: 'No builder of buildx can build for several platforms and push by digest.',
    detail: choice.unfit.map(({ name, reason }) => `${name}: ${reason}`),
    suggestion: adviseBuilder(known),
  });
}

/** The environment that buildx is run in. */
export function buildxEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  return {
    ...environment,
    // Provenance has the time of the build in it, so no image would come out the same twice.
    BUILDX_NO_DEFAULT_ATTESTATIONS: '1',
    // Useless without provenance, and it costs calls of git and of BuildKit.
    BUILDX_GIT_INFO: '0',
    BUILDX_METADATA_PROVENANCE: 'disabled',
    LC_ALL: 'C',
  };
}

async function listBuilders(
  options: Pick<BuilderContext, 'root' | 'environment' | 'signal'> & { program: string },
): Promise<readonly ListedBuilder[]> {
  const answer = await run({
    command: options.program,
    args: ['ls', '--format', 'json'],
    cwd: options.root,
    environment: buildxEnvironment(options.environment),
    limitMilliseconds: listMilliseconds,
    signal: options.signal,
  });
  if (!succeeded(answer)) {
    throw buildxFailed({
      what: `could not list its builders: it ${describeEnd(answer)}`,
      detail: answer.tail,
      cause: answer,
    });
  }
  try {
    return answer.stdout
      .toString('utf8')
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line) as ListedBuilder);
  } catch (cause) {
    throw buildxFailed({ what: 'gave a list of builders that cannot be read', detail: [], cause });
  }
}

function buildxFailed(options: { what: string; detail: readonly string[]; cause: unknown }): ArcError {
  return failed(
    {
      code: 'buildx-failed',
      message: `buildx ${options.what}.`,
      detail: options.detail,
      suggestion: 'look at `docker buildx ls`; arc needs buildx v0.13 or newer',
    },
    options.cause,
  );
}

function missingBuildx(): ArcError {
  return prerequisite({
    code: 'missing-buildx',
    message: "Docker's buildx is not installed; it builds for several platforms, and pushes by digest.",
    suggestion:
      'apt-get install docker-buildx-plugin (from Docker) or docker-buildx (Ubuntu), or put a program from ' +
      `https://github.com/docker/buildx/releases at ~/.docker/cli-plugins/docker-buildx; then ${createBuilder}`,
  });
}
