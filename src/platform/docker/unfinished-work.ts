import type Docker from 'dockerode';
import { call } from './call.ts';
import { statusOf } from './engine-error.ts';
import { arcLabels } from './labels.ts';

/** After the grace period the Engine kills; then it needs a moment to clean up. Milliseconds. */
const cleanUpMilliseconds = 5_000;

/**
 * Waits until the Engine has finished the requests of an arc that was killed. The Engine continues a start or a stop
 * after its caller is gone, and lists the container in its old state meanwhile: a starting one holds its ports although
 * it is not listed as running, and a stopping one still runs.
 *
 * @throws ArcError if the Engine does not answer
 */
export async function awaitUnfinishedWork(options: { docker: Docker; project: string }): Promise<void> {
  const { docker, project } = options;
  const signalled = await signalledContainers({ docker, project });
  const containers = await call({
    request: { verb: 'list', object: 'its containers' },
    run: (abortSignal) =>
      docker.listContainers({ all: true, filters: { label: [projectLabel(project)] }, abortSignal }),
  });
  await Promise.all(
    containers.map(async ({ Id: id, Labels: labels }) => {
      const container = docker.getContainer(id);
      if (signalled.has(id)) {
        const limit = AbortSignal.timeout(Number(labels[arcLabels.grace] ?? 0) * 1000 + cleanUpMilliseconds);
        // If the signal was not meant to end it, the program keeps running, which is fine too.
        await container.wait({ condition: 'not-running', abortSignal: limit }).catch(() => {});
      }
      await untilStarted(docker, id);
    }),
  );
}

/** The Engine locks a container while it starts it, and answers only then. */
function untilStarted(docker: Docker, id: string): Promise<void> {
  return call({
    request: { verb: 'inspect', object: `the container ${id.slice(0, 12)}` },
    limitMilliseconds: 120_000,
    run: async (abortSignal) => {
      try {
        await docker.getContainer(id).inspect({ abortSignal });
      } catch (cause) {
        if (statusOf(cause) !== 404) throw cause;
      }
    },
  });
}

/** Ids of those that were sent a signal and have not ended since, as far as the Engine remembers (256 events). */
async function signalledContainers(options: { docker: Docker; project: string }): Promise<Set<string>> {
  const filters = {
    type: ['container'],
    event: ['kill', 'die', 'start', 'destroy'],
    label: [projectLabel(options.project)],
  };
  const text = await call({
    request: { verb: 'report', object: 'what happened to containers' },
    run: async (abortSignal) => {
      const stream = await options.docker.getEvents({
        since: 1,
        until: Math.ceil(Date.now() / 1000),
        filters: JSON.stringify(filters),
        abortSignal,
      });
      let answer = '';
      for await (const chunk of stream) answer += String(chunk);
      return answer;
    },
  });
  const signalled = new Set<string>();
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const { Action: action, Actor: actor } = JSON.parse(line) as { Action: string; Actor: { ID: string } };
    if (action === 'kill') signalled.add(actor.ID);
    else signalled.delete(actor.ID);
  }
  return signalled;
}

function projectLabel(project: string): string {
  return `${arcLabels.project}=${project}`;
}
