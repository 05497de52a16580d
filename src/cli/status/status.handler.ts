import { chosenRoles, describedRoles } from '../../app/chosen-roles.ts';
import { asItRuns, containerOf, imagesInUse } from '../../app/images-in-use.ts';
import { leftOutOf } from '../../app/left-out.ts';
import { look } from '../../app/look.ts';
import { orphanNote } from '../../app/orphans.ts';
import { elsewhere } from '../../app/other-workspace.ts';
import type { SelectionOptions } from '../../app/request.ts';
import { openRunning, withEngine } from '../../app/session.ts';
import { ageText } from '../../core/age.ts';
import { exitStatus } from '../../core/errors.ts';
import { type ListedImage, listImages } from '../../images/list.ts';
import type { ContainerInspection } from '../../platform/docker/engine.ts';
import { orphansOf } from '../../platform/docker/orphans.ts';
import type { ObservedContainer } from '../../platform/docker/snapshot.ts';
import type { ResolvedContainer } from '../../stack/model.ts';
import { describeOwner } from '../../stack/owner.ts';
import { readHome } from '../../workspace/identity.ts';
import type { Handler } from '../cli.ts';
import { flavourNotes, leftOutNotes, withNotes } from '../flavour-notes.ts';
import { formatAddress } from '../output/address.ts';
import { formatTable } from '../output/table.ts';
import { healthText } from './health-text.ts';

/** The Engine's facts about every container: state, health, age, addresses and image. Probes nothing. */
export const showStatus: Handler<SelectionOptions> = async (options, cli) => {
  const { root, manifests, stack } = await openRunning({ context: cli, request: options });
  const home = readHome({ root });
  const { rows, leftOut } = await withEngine({
    context: cli,
    use: async (engine, connection) => {
      const { images: engineImages, snapshotFor } = await look({ connection, stack });
      const snapshot = await snapshotFor(stack);
      const { selection, without } = options;
      const named = chosenRoles({ manifests, snapshot, selection, without });
      const isNamed = ({ role }: { role: string }): boolean => named === undefined || named.has(role);
      const others = elsewhere({ snapshot, home });
      const containers = asItRuns({ stack, snapshot }).containers.filter(isNamed);
      const orphans = orphansOf({ snapshot, described: describedRoles(manifests) }).filter(isNamed);
      const images = await listImages({
        engineImages,
        images: [
          ...imagesInUse({ containers, snapshot }),
          ...orphans.map(({ role, image }) => ({ role, reference: image })),
        ],
      });
      const show = async (container: Shown) => {
        const observed = containerOf({ role: container.role, snapshot });
        const inspection =
          observed === undefined ? undefined : await engine.inspectContainer({ name: observed.name });
        const image = images.find(({ role }) => role === container.role)?.image;
        const other = others.find(({ kind, name }) => kind === 'container' && name === observed?.name);
        return { ...statusOf({ container, observed, inspection, image }), runsFrom: other?.owner ?? null };
      };
      const rows = await Promise.all([
        ...containers.map((container) => show({ ...container, orphan: false })),
        ...orphans.map(({ role, name, codename = '', kind = 'service' }) =>
          show({ role, name, codename, kind, orphan: manifests !== undefined }),
        ),
      ]);
      return { rows, leftOut: leftOutOf({ stack, snapshot }).filter(isNamed) };
    },
  });
  cli.result({
    data: { project: stack.project, containers: rows, leftOut },
    text: () =>
      withNotes(
        formatTable({
          headings: ['CONTAINER', 'CODENAME', 'STATE', 'HEALTH', 'SINCE', 'BASE', 'WHERE'],
          spare: ['CODENAME', 'BASE'],
          rows: rows.map((row) => [
            row.name,
            row.codename,
            row.state,
            healthText(row),
            row.since === null ? '' : ageText(Date.now() - Date.parse(row.since)),
            row.release === null ? (row.base ?? '') : `release ${row.release.version}`,
            row.addresses.join(' '),
          ]),
          columns: cli.columns,
        }),
        [
          ...flavourNotes(rows),
          ...leftOutNotes(leftOut),
          ...rows.filter(({ orphan }) => orphan).map(orphanNote),
          ...rows.flatMap(({ name, runsFrom }) =>
            runsFrom === null ? [] : [`${name} runs from ${describeOwner(runsFrom)}, not from here.`],
          ),
        ],
      ),
  });
  return exitStatus.done;
};

/** Facts from the manifest or, for a container without one, from its labels. */
type Shown = Pick<ResolvedContainer, 'role' | 'name' | 'codename' | 'kind'> & { orphan: boolean };

function statusOf(options: {
  container: Shown;
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
    orphan: container.orphan,
    state: done ? 'done' : state,
    health: inspection?.state === 'running' ? (inspection.health?.status ?? null) : null,
    healthHasRun: inspection?.state === 'running' ? (inspection.health?.hasRun ?? null) : null,
    exitCode: state === 'exited' || state === 'dead' ? (inspection?.exitCode ?? null) : null,
    restarts: inspection?.restarts ?? 0,
    since: (state === 'running' ? inspection?.startedAt : inspection?.finishedAt) ?? null,
    base: image?.base?.source ?? null,
    release: image?.release ?? null,
    flavour: observed?.flavour ?? null,
    // A container that was created with other settings has other ports.
    addresses: state === 'running' ? (inspection?.published ?? []).map(formatAddress) : [],
  };
}
