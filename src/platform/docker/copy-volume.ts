import { setTimeout as sleep } from 'node:timers/promises';
import { failed } from '../../core/errors.ts';
import type { Engine } from './engine.ts';

const askEveryMilliseconds = 500;
/** Where the two volumes are in the container that copies. */
const [from, to] = ['/from', '/to'];

/**
 * Copies a volume into a new one, with owners, modes and times, through a container without a network. The copy has no
 * labels, so nothing that arc removes is among it.
 *
 * @param options.image has a shell and `cp`; the Engine has it
 * @throws ArcError `volume-copy-failed`; the new volume is gone then
 */
export async function copyVolume(options: {
  engine: Engine;
  source: string;
  target: string;
  image: string;
  signal: AbortSignal;
}): Promise<void> {
  const { engine, source, target, image, signal } = options;
  const name = `${target}-copy`;
  const remove = async (): Promise<void> => {
    const there = await engine.inspectContainer({ name });
    if (there !== undefined) await engine.removeContainer({ id: there.id, name });
  };
  await engine.createVolume({ name: target, labels: {} });
  try {
    await remove();
    await engine.createContainer({
      name,
      spec: {
        Image: image,
        // Files of another user, too, whose owner they keep.
        User: '0:0',
        Entrypoint: ['/bin/sh', '-c'],
        Cmd: [`cp -a ${from}/. ${to}/`],
        HostConfig: { NetworkMode: 'none', Binds: [`${source}:${from}:ro`, `${target}:${to}`] },
      },
    });
    await engine.startContainer({ name });
    await untilEnded({ engine, name, signal });
    await remove();
  } catch (cause) {
    await remove();
    await engine.removeVolume({ name: target });
    throw cause;
  }
}

async function untilEnded(options: { engine: Engine; name: string; signal: AbortSignal }): Promise<void> {
  const { engine, name, signal } = options;
  for (;;) {
    await sleep(askEveryMilliseconds, undefined, { signal });
    const seen = await engine.inspectContainer({ name });
    if (seen === undefined) throw copyFailed('the container that copied it is gone', []);
    if (seen.state !== 'exited' && seen.state !== 'dead') continue;
    if (seen.exitCode === 0) return;
    throw copyFailed(
      `\`cp\` ended with status ${seen.exitCode}`,
      await engine.tailLogs({ name, lines: 3 }).catch(() => []),
    );
  }
}

function copyFailed(reason: string, detail: readonly string[]) {
  return failed({
    code: 'volume-copy-failed',
    message: `The volume could not be copied: ${reason}.`,
    detail,
    suggestion: 'see whether the disk of the Engine is full: docker system df',
  });
}
