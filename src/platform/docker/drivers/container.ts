import { posix } from 'node:path';
import type { Decision, Driver } from '../../../core/driver.ts';
import { ArcError, exitStatus } from '../../../core/errors.ts';
import { addressOf } from '../../../core/resource.ts';
import type { StepDraft } from '../../../core/step.ts';
import type { ResolvedContainer, ResolvedFolder } from '../../../stack/model.ts';
import { containerSpec } from '../container-spec.ts';
import { refuseNewerData } from '../data-check.ts';
import { refuseForeignData } from '../data-rights.ts';
import { hashContainer } from '../hash.ts';
import type { ObservedContainer } from '../snapshot.ts';
import {
  type ContainerData,
  type ContainerSeen,
  type ContainerWanted,
  decideContainer,
} from './container-decide.ts';
import { reloadsOf } from './container-reload.ts';
import type { DockerRun } from './run.ts';
import type { ContainerWork, Hold } from './work.ts';

type ContainerDriver = Driver<ContainerWanted, ContainerSeen, ContainerData, ContainerWork, DockerRun>;
type Given = Parameters<ContainerDriver['steps']>[0];
type Draft = StepDraft<ContainerWork>;

/** Containers, which keep running, and jobs, which end. arc creates both alike; they differ in when they are ready. */
export function containerDriver(kind: 'container' | 'job'): ContainerDriver {
  return { kind, decide: decideContainer, steps, apply };
}

function steps(given: Given): readonly Draft[] {
  const { wanted, seen, decision } = given;
  const existing = seen?.state.existing;
  if (decision.kind === 'unknown' || decision.kind === 'refuse') return [];
  if (decision.kind === 'keep')
    return wanted === undefined ? [] : [...asked(wanted.spec, decision), ...reloaded(given, wanted.spec)];
  const { cause, kind, data } = decision;
  const gone = existing === undefined ? [] : away({ existing, cause, removes: kind !== 'change' });
  if (wanted === undefined) return gone;
  const { spec } = wanted;
  const { container } = spec;
  const title = container.role;
  const stays = kind === 'change' && data?.how === 'unpause';
  const ready = wait({ spec, verb: 'await', cause, stays });
  if (stays && existing !== undefined) {
    const work: ContainerWork = { do: 'unpause', container, id: existing.id };
    return [{ verb: 'unpause', stage: 'start', cause, title, work }, ready, ...reloaded(given, spec)];
  }
  const start: Draft = { verb: 'start', stage: 'start', cause, title, work: { do: 'start', container } };
  if (kind === 'change') return [...(data?.how === 'restart' ? gone : []), start, ready];
  return [
    ...gone,
    { verb: 'create', stage: 'make', cause, title, work: creation(given, spec) },
    start,
    ready,
  ];
}

/** Whether a container that keeps running is healthy. */
function asked(
  spec: ContainerWanted,
  { touched, data }: Extract<Decision<ContainerData>, { kind: 'keep' }>,
): readonly Draft[] {
  if (data?.how !== 'ask' || (spec.beside && touched === undefined)) return [];
  return [wait({ spec, verb: data.again ? 'ask' : 'await', cause: data.cause, stays: true })];
}

/** What a program has to load while it goes on running. One that is given copies of its files is recreated instead. */
function reloaded({ seen, decided }: Given, spec: ContainerWanted): readonly Draft[] {
  const { container, asMade, beside, root } = spec;
  const existing = seen?.state.existing;
  if (existing === undefined || asMade || root === '') return [];
  const folders = beside ? container.folders.filter(({ follows }) => follows) : container.folders;
  const reloads = reloadsOf({ ...spec, container: { ...container, folders }, existing, decided });
  if (reloads.length === 0) return [];
  const cause = `reloaded, not restarted: ${reloads.map((reload) => reload.cause).join('; ')}`;
  const work: ContainerWork = { do: 'reload', container, folders: reloads.map(({ folder }) => folder) };
  return [{ verb: 'reload', stage: 'reload', cause, title: container.role, work }];
}

function wait(options: {
  spec: ContainerWanted;
  verb: 'await' | 'ask';
  cause: string;
  /** Its process started before the plan. */
  stays: boolean;
}): Draft {
  const { spec, verb, cause, stays } = options;
  const { container } = spec;
  const holds = stays && container.kind === 'service' ? holdsOf(spec) : [];
  return { verb, stage: 'ready', cause, title: container.role, work: { do: 'wait', container, holds } };
}

function holdsOf({ container, names }: ContainerWanted): readonly Hold[] {
  return container.dependsOn.flatMap(({ role, holdSeconds }) => {
    const name = names.get(role);
    return holdSeconds === undefined || name === undefined ? [] : [{ role, name, seconds: holdSeconds }];
  });
}

function away(options: { existing: ObservedContainer; cause: string; removes: boolean }): readonly Draft[] {
  const { existing, cause, removes } = options;
  const { id, name, role = name, graceSeconds, kind } = existing;
  const common = { cause, title: role, on: addressOf(kind === 'job' ? 'job' : 'container', name) };
  const stop: Draft = {
    ...common,
    verb: 'stop',
    stage: 'stop',
    work: { do: 'stop', role, id, name, graceSeconds },
  };
  const remove: Draft = {
    ...common,
    verb: 'remove',
    stage: 'remove',
    work: { do: 'remove', role, id, name },
  };
  return [...(isStoppable(existing) ? [stop] : []), ...(removes ? [remove] : [])];
}

/** When arc stops a container, the Engine unpauses a paused one and ends the restarts of a restarting one. */
function isStoppable({ state }: ObservedContainer): boolean {
  return state === 'running' || state === 'paused' || state === 'restarting';
}

function creation({ decided }: Given, spec: ContainerWanted): ContainerWork {
  const { container, network, root, booted, selinux } = spec;
  const hasData = container.volumes.some(
    ({ volume }) => decided(addressOf('volume', volume))?.kind === 'keep',
  );
  return { do: 'create', container, network, mountedFrom: root, booted, hasData, selinux };
}

const apply: ContainerDriver['apply'] = async ({ step: { work }, at, io }) => {
  const { engine, project, root, owner } = at;
  switch (work.do) {
    case 'create': {
      const { container, network, mountedFrom, booted, selinux, hasData } = work;
      const image = at.images.identify(container.image.reference);
      const hash = hashContainer({ container, image, network, root: mountedFrom, selinux });
      const spec = containerSpec({ container, hash, booted, project, network, root, owner, selinux });
      await engine.createContainer({ name: container.name, spec, config: filesOf(container) });
      if (!hasData) return 'done';
      // arc can read the data once the container exists; a start on foreign data could only fail.
      await refuseForeignData({ engine, container });
      for (const problem of await refuseNewerData({ engine, container }))
        at.emit({ type: 'warning', problem });
      return 'done';
    }
    case 'start':
      at.waits.follow({ container: work.container, status: 'idle' });
      await engine.startContainer({ name: work.container.name });
      return 'done';
    case 'unpause': {
      const { id, container } = work;
      // The Engine reports no start of it.
      at.waits.follow({ container, status: 'running' });
      await engine.unpauseContainer({ id, name: container.name });
      return 'done';
    }
    case 'stop': {
      const { id, name, graceSeconds } = work;
      at.deaths.once(name, io.nearlyDone);
      await engine.stopContainer({ id, name, graceSeconds });
      return 'done';
    }
    case 'remove':
      await engine.removeContainer({ id: work.id, name: work.name });
      return 'done';
    case 'wait': {
      const problem = await at.waits.wait(work, io.progress);
      if (problem) throw new ArcError({ problem, status: exitStatus.failed });
      return at.waits.ready.has(work.container.name) ? 'done' : 'left';
    }
    case 'reload': {
      const { container, folders } = work;
      const reload = (folder: ResolvedFolder) => at.reloads.reload({ container, folder, io });
      const applied = await Promise.all(folders.map(reload));
      return applied.every((one) => one === 'done') ? 'done' : 'left';
    }
    default:
      return work satisfies never;
  }
};

/** The files of the workspace that a container mounts. */
function filesOf({ config, folders }: ResolvedContainer) {
  const below = folders.flatMap(({ folder, target, files }) =>
    files.map(({ file, content }) => ({ target: posix.join(target, file.slice(folder.length)), content })),
  );
  return [...config, ...below];
}
