import { resolve } from 'node:path';
import { chooseFlavours } from '../../app/choose-flavours.ts';
import { namedRoles } from '../../app/chosen-roles.ts';
import { asItRuns, containerOf, imagesInUse } from '../../app/images-in-use.ts';
import { look } from '../../app/look.ts';
import { provideStack } from '../../app/obtain-images.ts';
import type { ImageOptions, SelectionOptions } from '../../app/request.ts';
import { openSite, openStack, withEngine } from '../../app/session.ts';
import { formatBytes } from '../../core/bytes.ts';
import { type ExitStatus, exitStatus } from '../../core/errors.ts';
import { type ListedImage, listImages as list } from '../../images/list.ts';
import { readLock } from '../../images/lock/read.ts';
import { failWithout } from '../../images/missing.ts';
import { ownFlavour } from '../../manifest/flavours.ts';
import type { Cli, Handler } from '../cli.ts';
import { flavourNotes, withNotes } from '../flavour-notes.ts';
import { formatTable } from '../output/table.ts';

type Selected = SelectionOptions & ImageOptions;

/** What each container runs, or would run: source of its base or its release, digest, size and age. */
export const listImages: Handler<Selected> = async (options, cli) => {
  const opened = await openStack({ context: cli, request: options, of: 'everything' });
  const { root, manifests, stack: wanted } = opened;
  const named = namedRoles({ manifests, ...options });
  const images = await withEngine({
    context: cli,
    use: async (_, connection) => {
      const bases = { workspace: manifests.workspace, lock: await readLock({ root }) };
      const { images: engineImages, snapshotFor } = await look({ connection, stack: wanted, bases });
      const stack = await chooseFlavours({ engineImages, stack: wanted, ...bases });
      const snapshot = await snapshotFor(stack);
      const containers = asItRuns({ stack, snapshot }).containers.filter(
        ({ role }) => named === undefined || named.has(role),
      );
      const listed = await list({ engineImages, images: imagesInUse({ containers, snapshot }) });
      return listed.map((image, index) => {
        const container = containers[index];
        const flavour = containerOf({ role: image.role, snapshot })?.flavour ?? container?.flavour;
        return { ...image, ...(flavour === undefined ? {} : { flavour }) };
      });
    },
  });
  cli.result({
    data: { images },
    text: () =>
      withNotes(
        table(images, cli.columns),
        flavourNotes(images.map((image) => ({ name: image.role, ...image }))),
      ),
  });
  return exitStatus.done;
};

function table(images: readonly ListedImage[], columns: number): string {
  return formatTable({
    headings: ['CONTAINER', 'BASE', 'FROM', 'DIGEST', 'SIZE', 'AGE'],
    rows: images.map(({ role, reference, image }) =>
      image === undefined
        ? [role, reference, 'not on this Engine', '', '', '']
        : [
            role,
            image.base?.reference ?? reference.replace(/@.*/, ''),
            image.release ? `release ${image.release.version}` : (image.base?.source ?? 'not built by arc'),
            (image.release?.digest ?? image.base?.digest ?? image.id).replace('sha256:', '').slice(0, 12),
            formatBytes(image.bytes),
            age(image.created),
          ],
    ),
    columns,
  });
}

export const buildImages: Handler<Selected & { yes?: boolean }> = (options, cli) =>
  provide({
    options,
    cli,
    ensure: async (context) =>
      (await import('../../images/provide.ts')).buildImages({ ...context, refresh: false }),
  });

export const pullImages: Handler<Selected & { yes?: boolean }> = (options, cli) =>
  provide({
    // Released images are of no other flavour.
    options: { ...options, flavour: [ownFlavour] },
    cli,
    ensure: async (context) => (await import('../../images/provide.ts')).pullImages(context),
  });

export const saveImages: Handler<Selected & { output: string }> = async (options, cli) => {
  const { manifests, imagesLock, stack: wanted } = await openSite({ context: cli, request: options });
  const { saveImages: save } = await import('../../images/save.ts');
  const saved = await withEngine({
    context: cli,
    use: async (_, { images: engineImages }) => {
      const stack = await chooseFlavours({
        engineImages,
        stack: wanted,
        workspace: manifests.workspace,
        lock: imagesLock,
      });
      return save({
        engineImages,
        emit: cli.emit,
        signal: cli.signal,
        images: stack.containers.map(({ role, image }) => ({ role, reference: image.reference })),
        file: resolve(cli.cwd, options.output),
      });
    },
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
    context: cli,
    use: (_, { images: engineImages }) =>
      load({ engineImages, emit: cli.emit, signal: cli.signal, file: resolve(cli.cwd, options.file) }),
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
  ensure: Parameters<typeof provideStack>[0]['ensure'];
}): Promise<ExitStatus> {
  const { cli, options: request, ensure } = options;
  const { root, manifests, stack, imagesLock } = await openSite({ context: cli, request });
  const { ready, missing } = await withEngine({
    context: cli,
    use: (_, connection) =>
      provideStack({
        context: cli,
        connection,
        stack,
        root,
        workspace: manifests.workspace,
        lock: imagesLock,
        request,
        yes: request.yes === true,
        ensure,
      }),
  });
  cli.result({
    data: { ready, missing },
    text: () =>
      ready.map(({ role, reference, base }) => `${role}  ${reference}  (base ${base.source})`).join('\n'),
  });
  failWithout(missing);
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
