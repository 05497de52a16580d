import { ExecaError } from 'execa';
import { type ArcError, prerequisite } from '../src/core/errors.ts';
import { type RunningStep, startStep } from '../src/core/report-step.ts';
import type { RepairTools } from '../src/doctor/check.ts';
import type { SuiteNeeds } from '../tests/requirements.ts';
import { buildDockerEngine, buildGoTool } from './build-go-tool.ts';
import { getPypiTool } from './get-pypi-tool.ts';
import { getPythonPackages } from './get-python-packages.ts';

const tailLines = 12;

/** Shows what is done at the moment. */
type Progress = (line: string) => void;

/**
 * Builds and downloads the tools of a suite that are not there yet, and shows what is being done; one after the other,
 * because each build has work for every core.
 *
 * @throws ArcError (exit status 4) of the first that cannot be got
 */
export async function bringTools(
  options: RepairTools & {
    needs: SuiteNeeds;
    environment: Readonly<Record<string, string | undefined>>;
  },
): Promise<void> {
  const { needs, environment, emit, signal } = options;
  const tools = [
    ...needs.goTools.map((name) => ({
      name,
      get: (progress: Progress) => buildGoTool({ name, environment, progress }),
    })),
    ...needs.pypiTools.map((name) => ({
      name,
      get: (progress: Progress) => getPypiTool({ name, environment, progress }),
    })),
    ...needs.pythonLocks.map((lock) => ({
      name: lock,
      get: (progress: Progress) => getPythonPackages({ lock, environment, progress }),
    })),
    ...(needs.currentEngine
      ? [
          {
            name: 'docker-engine',
            get: (progress: Progress) => buildDockerEngine({ environment, progress }),
          },
        ]
      : []),
  ];
  for (const { name, get } of tools) {
    signal.throwIfAborted();
    // Nothing is shown of a tool that is there.
    let shown: RunningStep | undefined;
    const progress = (line: string): void => {
      shown ??= startStep({ emit, id: `tool:${name}`, verb: 'install', on: `tool/${name}` });
      shown.update({ output: line });
    };
    try {
      await get(progress);
      shown?.done();
    } catch (cause) {
      const failure = toolFailure(name, cause);
      shown?.failed(failure, failure.code);
      signal.throwIfAborted();
      throw failure;
    }
  }
}

function toolFailure(name: string, cause: unknown): ArcError {
  const output = cause instanceof ExecaError ? `${cause.shortMessage}\n${cause.stderr}` : String(cause);
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return prerequisite(
    {
      code: 'install-failed',
      message: `arc could not get ${name}, which the tests need.`,
      detail: lines.slice(-tailLines),
      suggestion:
        'put right what the last lines say (most often the network), then run the same command again',
    },
    cause,
  );
}
