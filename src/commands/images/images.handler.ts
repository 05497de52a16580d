import { resolve } from 'node:path';
import { observe } from '../../engine/observe.ts';
import { ArcError, type ExitStatus, exitStatus } from '../../errors.ts';
import type { ImagesOutcome } from '../../images/ensure.ts';
import { listImages as list } from '../../images/list.ts';
import { readLock } from '../../images/lock/read.ts';
import { formatBytes } from '../../images/progress.ts';
import { formatTable } from '../../output/table.ts';
import type { ImageOptions } from '../boot-options.ts';
import type { Cli, Handler } from '../cli.ts';
import { imagesInUse } from '../images-in-use.ts';
import { imageRequests, imagesContext } from '../obtain-images.ts';
import type { SelectionOptions } from '../selection-options.ts';
import { openEverything, openStack, withEngine } from '../session.ts';

type Selected = SelectionOptions & ImageOptions;

/** What each container runs, or would run: where its base came from or which release it is, digest, size and age. */
export const listImages: Handler<Selected> = async (options, cli) => {
  const { stack, named } = await openEverything({ cli, request: options });
  const images = await withEngine({
    cli,
    use: async (engine, { docker }) => {
      const snapshot = await observe({ engine, project: stack.project, stack });
      const containers = stack.containers.filter(({ role }) => named === undefined || named.has(role));
      return list({ docker, images: imagesInUse({ containers, snapshot }) });
    },
  });
  cli.result({
    data: { images },
    text: () =>
      formatTable({
        headings: ['CONTAINER', 'BASE', 'FROM', 'DIGEST', 'SIZE', 'AGE'],
        rows: images.map(({ role, reference, image }) =>
          image === undefined
            ? [role, reference, 'not on this Engine', '', '', '']
            : [
                role,
                image.base?.reference ?? reference.replace(/@.*/, ''),
                image.release
                  ? `release ${image.release.version}`
                  : (image.base?.source ?? 'not built by arc'),
                (image.release?.digest ?? image.base?.digest ?? image.id).replace('sha256:', '').slice(0, 12),
                formatBytes(image.bytes),
                age(image.created),
              ],
        ),
        columns: cli.columns,
      }),
  });
  return exitStatus.done;
};

export const buildImages: Handler<Selected & { yes?: boolean }> = (options, cli) =>
  provide({
    options,
    cli,
    with: async (context) =>
      (await import('../../images/provide.ts')).buildImages({ ...context, refresh: false }),
  });

export const pullImages: Handler<Selected & { yes?: boolean }> = (options, cli) =>
  provide({
    options,
    cli,
    with: async (context) => (await import('../../images/provide.ts')).pullImages(context),
  });

export const saveImages: Handler<Selected & { output: string }> = async (options, cli) => {
  const { stack } = await openStack({ cli, request: options });
  const { saveImages: save } = await import('../../images/save.ts');
  const saved = await withEngine({
    cli,
    use: (_, { docker }) =>
      save({
        docker,
        emit: cli.emit,
        signal: cli.signal,
        images: stack.containers.map(({ role, image }) => ({ role, reference: image.reference })),
        file: resolve(cli.cwd, options.output),
      }),
  });
  cli.result({
    data: saved,
    text: () =>
      `Wrote ${saved.images.length} images, ${formatBytes(saved.bytes)}, to ${options.output}. On the other machine: arc images load ${options.output}`,
  });
  return exitStatus.done;
};

export const loadImages: Handler<{ file: string }> = async (options, cli) => {
  const { loadImages: load } = await import('../../images/load.ts');
  const loaded = await withEngine({
    cli,
    use: (_, { docker }) =>
      load({ docker, emit: cli.emit, signal: cli.signal, file: resolve(cli.cwd, options.file) }),
  });
  cli.result({
    data: loaded,
    text: () => `Loaded ${loaded.references.join(', ')}. \`arc up --offline\` needs no network now.`,
  });
  return exitStatus.done;
};

async function provide(options: {
  options: Selected & { yes?: boolean };
  cli: Cli;
  with: (
    context: ReturnType<typeof imagesContext> & { requests: Awaited<ReturnType<typeof imageRequests>> },
  ) => Promise<ImagesOutcome>;
}): Promise<ExitStatus> {
  const { cli, options: request } = options;
  const { workspace, stack } = await openStack({ cli, request });
  const settings = workspace.manifests.workspace;
  const { root } = workspace;
  const lock = await readLock({ root });
  const requests = await imageRequests({ stack, root, workspace: settings, bases: request.bases, lock });
  const { ready, missing } = await withEngine({
    cli,
    use: (_, connection) =>
      options.with({
        ...imagesContext({ cli, connection, workspace: settings, request, yes: request.yes === true }),
        requests,
      }),
  });
  cli.result({
    data: { ready, missing },
    text: () =>
      ready.map(({ role, reference, base }) => `${role}  ${reference}  (base ${base.source})`).join('\n'),
  });
  const [first, ...rest] = missing.map(({ problem }) => problem);
  if (first !== undefined) throw new ArcError({ problem: [first, ...rest], status: exitStatus.failed });
  return exitStatus.done;
}

/** `3 days`, from an ISO 8601 time. */
function age(created: string): string {
  const minutes = Math.max(0, (Date.now() - Date.parse(created)) / 60_000);
  const [count, unit] =
    minutes < 60 ? [minutes, 'minute'] : minutes < 48 * 60 ? [minutes / 60, 'hour'] : [minutes / 1440, 'day'];
  const whole = Math.floor(count);
  return `${whole} ${unit}${whole === 1 ? '' : 's'}`;
}
