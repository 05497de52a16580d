import type { ContainerInspection } from '../../engine/engine.ts';
import { observe } from '../../engine/observe.ts';
import type { ObservedContainer } from '../../engine/snapshot.ts';
import { exitStatus } from '../../errors.ts';
import { type ListedImage, listImages } from '../../images/list.ts';
import { formatAddress } from '../../output/address.ts';
import { formatTable } from '../../output/table.ts';
import type { ResolvedContainer } from '../../stack/model.ts';
import type { Handler } from '../cli.ts';
import { flavourNotes, withNotes } from '../flavour-notes.ts';
import { asItRuns, containerOf, imagesInUse } from '../images-in-use.ts';
import type { SelectionOptions } from '../selection-options.ts';
import { openEverything, withEngine } from '../session.ts';
import { healthText } from './health-text.ts';

/** What the Engine says of every container: state, health, since when, where, and made from what. Probes nothing. */
export const showStatus: Handler<SelectionOptions> = async (options, cli) => {
  const { stack, named } = await openEverything({ cli, request: options });
  const rows = await withEngine({
    cli,
    use: async (engine, { docker }) => {
      const snapshot = await observe({ engine, project: stack.project, stack });
      const containers = asItRuns({ stack, snapshot }).containers.filter(
        ({ role }) => named === undefined || named.has(role),
      );
      const images = await listImages({ docker, images: imagesInUse({ containers, snapshot }) });
      return Promise.all(
        containers.map(async (container) => {
          const observed = containerOf({ role: container.role, snapshot });
          const inspection =
            observed === undefined ? undefined : await engine.inspectContainer({ name: container.name });
          const image = images.find(({ role }) => role === container.role)?.image;
          return statusOf({ container, observed, inspection, image });
        }),
      );
    },
  });
  cli.result({
    data: { project: stack.project, containers: rows },
    text: () =>
      withNotes(
        formatTable({
          headings: ['CONTAINER', 'CODENAME', 'STATE', 'HEALTH', 'SINCE', 'BASE', 'WHERE'],
          rows: rows.map((row) => [
            row.name,
            row.codename,
            row.state,
            healthText(row),
            row.since === null ? '' : elapsedSince(row.since),
            row.release === null ? (row.base ?? '') : `release ${row.release.version}`,
            row.addresses.join(' '),
          ]),
          columns: cli.columns,
        }),
        flavourNotes(rows),
      ),
  });
  return exitStatus.done;
};

function statusOf(options: {
  container: ResolvedContainer;
  observed: ObservedContainer | undefined;
  inspection: ContainerInspection | undefined;
  image: ListedImage['image'];
}) {
  const { container, observed, inspection, image } = options;
  const state = observed?.state ?? 'absent';
  const done = container.kind === 'job' && state === 'exited' && inspection?.exitCode === 0;
  return {
    role: container.role,
    name: container.name,
    codename: container.codename,
    kind: container.kind,
    state: done ? 'done' : state,
    health: inspection?.state === 'running' ? (inspection.health?.status ?? null) : null,
    healthHasRun: inspection?.state === 'running' ? (inspection.health?.hasRun ?? null) : null,
    exitCode: state === 'exited' || state === 'dead' ? (inspection?.exitCode ?? null) : null,
    restarts: inspection?.restarts ?? 0,
    since: (state === 'running' ? inspection?.startedAt : inspection?.finishedAt) ?? null,
    base: image?.base?.source ?? null,
    release: image?.release ?? null,
    flavour: observed?.flavour ?? null,
    // Where it was made with other settings than there are now, its ports are others too.
    addresses: state === 'running' ? (inspection?.published ?? []).map(formatAddress) : [],
  };
}

/** `42 s`, `5 min`, `3 h`, `2 d`. */
function elapsedSince(time: string): string {
  const seconds = Math.max(0, (Date.now() - Date.parse(time)) / 1000);
  if (seconds < 120) return `${Math.floor(seconds)} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}
