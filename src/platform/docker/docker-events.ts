import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { splitLines } from '../../core/lines.ts';
import { call } from './call.ts';
import type { ContainerEvent, Engine } from './engine.ts';
import { arcLabels } from './labels.ts';

const actions = ['start', 'die', 'oom', 'stop', 'destroy'] as const;

/** {@link Engine.watchContainers} over the Engine's event stream, which begins with its response headers. */
export async function watchContainers(
  options: { docker: Docker } & Parameters<Engine['watchContainers']>[0],
): Promise<void> {
  const { docker, project, signal, onEvent, onEnd } = options;
  const stream = await call({
    request: { verb: 'report', object: 'what happens to containers' },
    run: async (limit) => {
      const filters = {
        type: ['container'],
        event: [...actions],
        label: [`${arcLabels.project}=${project}`],
      };
      return docker.getEvents({
        filters: JSON.stringify(filters),
        abortSignal: AbortSignal.any([signal, limit]),
      });
    },
  });
  let isOver = false;
  const end = (): void => {
    if (!isOver && !signal.aborted) onEnd();
    isOver = true;
  };
  const lines = splitLines((line) => {
    if (isOver) return;
    const event = readEvent(line);
    if (event === 'unreadable') {
      // It may have been the end of a container, so nothing that follows is reliable.
      end();
      (stream as Readable).destroy();
    } else if (event) onEvent(event);
  });
  stream.on('data', lines.push);
  // Aborting destroys the stream with an error, and a broken connection does as well.
  stream.on('error', end);
  stream.on('end', end);
}

type EngineEvent = { Action: ContainerEvent['action']; Actor: { Attributes: Record<string, string> } };

function readEvent(line: string): ContainerEvent | 'unreadable' | undefined {
  if (line.trim() === '') return undefined;
  let event: EngineEvent;
  try {
    event = JSON.parse(line) as EngineEvent;
  } catch {
    return 'unreadable';
  }
  const { Action: action, Actor: actor } = event;
  const { name, exitCode } = actor.Attributes;
  if (!name || !actions.includes(action)) return undefined;
  return { action, name, ...(exitCode === undefined ? {} : { exitCode: Number(exitCode) }) };
}
