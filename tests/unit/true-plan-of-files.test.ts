import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ArcError, failed } from '../../src/core/errors.ts';
import { printPlan } from '../../src/core/print-plan.ts';
import { Secret } from '../../src/core/secret.ts';
import { isChange, type Plan } from '../../src/core/step.ts';
import type { Unloaded } from '../../src/platform/docker/drivers/container-reload.ts';
import type { Execution } from '../../src/platform/docker/execute.ts';
import type { BootableStack, ResolvedContainer, ResolvedFolder } from '../../src/stack/model.ts';
import { isAbsent } from '../../src/workspace/files.ts';
import {
  asEdited,
  findLeftRendered,
  planRuntimeConfig,
  removeRendered,
  writeRuntimeConfig,
} from '../../src/workspace/runtime-config.ts';
import { planOnFake, runOnFake } from '../fixtures/fake-boot.ts';
import { type Behaviour, type FakeEngine, fakeEngine } from '../fixtures/fake-engine.ts';
import { generatedStacks } from '../fixtures/generated-stacks.ts';

// Config files, templates and settings change, templates go, people edit what was rendered, and runs are interrupted,
// with the real files of a workspace.

/** What the templates of one container say, and the settings in them. */
type Texts = {
  /** A file that is mounted by itself. */
  config: string | undefined;
  /** Templates of a folder that is mounted as a whole. */
  folder: Readonly<Record<string, string>>;
  reloads: boolean;
};

/** What a person does to a rendered file, by its place among all. */
type Edit = { index: number; how: 'edits' | 'removes' };

type Moment = {
  stack: BootableStack;
  texts: readonly Texts[];
  edits: readonly Edit[];
  /** The act at which the run is killed; beyond the last one, it is not. */
  killedAt: number;
};

const texts: fc.Arbitrary<Texts> = fc.record({
  config: fc.constantFrom(undefined, 'a\n', 'b\n'),
  folder: fc.dictionary(fc.constantFrom('one', 'two', 'deep/three'), fc.constantFrom('a\n', 'b\n')),
  reloads: fc.boolean(),
});

const moments: fc.Arbitrary<readonly Moment[]> = fc.array(
  fc.record({
    stack: generatedStacks,
    texts: fc.array(texts, { minLength: 6, maxLength: 6 }),
    edits: fc.array(fc.record({ index: fc.nat({ max: 20 }), how: fc.constantFrom('edits', 'removes') }), {
      maxLength: 2,
    }),
    killedAt: fc.nat({ max: 40 }),
  }),
  { minLength: 1, maxLength: 4 },
);

type World = {
  engine: FakeEngine;
  root: string;
  /** By name of the container and path of the folder: what its program has loaded. */
  loaded: Map<string, string>;
};

/** The stack with what its templates render to. */
function rendered({ stack, texts: all }: Pick<Moment, 'stack' | 'texts'>): BootableStack {
  const containers = stack.containers.map((container, index): ResolvedContainer => {
    const { config, folder, reloads } = all[index] ?? { config: undefined, folder: {}, reloads: false };
    const place = `services/${container.role}`;
    const names = Object.keys(folder).toSorted();
    const path = `${place}/rendered/conf`;
    const folders: ResolvedFolder[] = [
      {
        folder: path,
        target: '/conf',
        files: names.map((name) => ({
          file: `${path}/${name}`,
          template: `${place}/conf/${name}.liquid`,
          content: new Secret(folder[name] ?? ''),
        })),
        ...(reloads && container.kind === 'service' && { reload }),
      },
    ];
    const file = `${place}/app.conf`;
    return {
      ...container,
      config:
        config === undefined
          ? []
          : [{ file, template: `${file}.liquid`, target: '/app.conf', content: new Secret(config) }],
      folders: names.length === 0 ? [] : folders,
    };
  });
  return { ...stack, containers };
}

const reload = {
  kind: 'signal',
  signal: 'SIGHUP',
  proof: { port: 'http', path: '/', pattern: '(.*)', mark: 'digest', file: 'one' },
} as const;

const keyOf = ({ name }: ResolvedContainer, { folder }: ResolvedFolder): string => `${name} ${folder}`;

function read(root: string, path: string): string | undefined {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** What a program has to load, as its own mark would say. */
const contentOf = (root: string, { files }: ResolvedFolder): string =>
  JSON.stringify(files.map(({ file }) => [file, read(root, file)]));

/** As the preview of a boot looks at the files. */
async function look({ engine, root, loaded }: World, moment: Moment) {
  const stack = rendered(moment);
  const files = await planRuntimeConfig({ root, stack });
  const left = findLeftRendered({ root, files });
  const edited = asEdited({ stack, files });
  const unloaded = new Map(
    edited.containers.map((container) => {
      const others = container.folders.filter(
        (folder) =>
          folder.reload !== undefined &&
          engine.containers.get(container.name)?.state === 'running' &&
          loaded.get(keyOf(container, folder)) !== contentOf(root, folder),
      );
      return [container.role, new Map(others.map(({ folder }): [string, Unloaded] => [folder, 'other']))];
    }),
  );
  const states = [...files, ...left.map((path) => ({ path, state: 'left' as const }))];
  const plan = await planOnFake({ engine, stack: edited, files: states, unloaded });
  return { plan, files, edited };
}

/** Carries out a plan, and counts what is really done. */
async function carryOut(options: {
  world: World;
  seen: Awaited<ReturnType<typeof look>>;
  killedAt: number;
}): Promise<{ execution: Execution | undefined; acts: number }> {
  const { world, seen, killedAt } = options;
  const { engine, root, loaded } = world;
  const { plan, files, edited } = seen;
  let acts = 0;
  const act = (): void => {
    if (acts >= killedAt) throw failed({ code: 'killed', message: 'arc was killed.' });
    acts += 1;
  };
  const load = (container: ResolvedContainer, folder: ResolvedFolder): void => {
    loaded.set(keyOf(container, folder), contentOf(root, folder));
  };
  engine.beforeCall = (call) => {
    act();
    const started = edited.containers.find(({ name }) => call === `start ${name}`);
    for (const folder of started?.folders ?? []) if (started !== undefined) load(started, folder);
  };
  const execution = await runOnFake({
    engine,
    plan,
    files: {
      write: async (path) => {
        act();
        await writeRuntimeConfig({ root, files: files.filter((file) => file.path === path) });
      },
      remove: async (path) => {
        act();
        removeRendered({ root, path });
      },
      keep: async () => expect.unreachable('there are no certificates'),
      open: async () => expect.unreachable('all files can be read'),
    },
    reloads: {
      reload: async ({ container, folder }) => {
        act();
        load(container, folder);
        return 'done';
      },
    },
  }).catch((error: unknown) => {
    if (!(error instanceof ArcError)) throw error;
    return undefined;
  });
  engine.beforeCall = () => {};
  return { execution, acts };
}

function befall({ root }: World, { index, how }: Edit, moment: Moment): void {
  const containers = rendered(moment).containers;
  const paths = containers.flatMap(({ config, folders }) => [
    ...config.map(({ file }) => file),
    ...folders.flatMap(({ files }) => files.map(({ file }) => file)),
  ]);
  const path = paths[index % Math.max(1, paths.length)];
  if (path === undefined || read(root, path) === undefined) return;
  if (how === 'removes') rmSync(join(root, path));
  else writeFileSync(join(root, path), 'by hand\n');
}

function expectDone(execution: Execution, plan: Plan): void {
  expect(execution.done.map(({ id }) => id).toSorted()).toEqual(plan.steps.map(({ id }) => id).toSorted());
}

/** Everything is on disk, nothing that a template made before is, and every program has loaded it. */
function expectLoaded({ engine, root, loaded }: World, seen: Awaited<ReturnType<typeof look>>): void {
  expect(findLeftRendered({ root, files: seen.files })).toEqual([]);
  for (const container of seen.edited.containers) {
    for (const { file } of container.config) expect(read(root, file), file).toBeDefined();
    for (const folder of container.folders) {
      for (const { file } of folder.files) expect(read(root, file), file).toBeDefined();
      if (container.kind === 'job') continue;
      expect(engine.containers.get(container.name)?.state).toBe('running');
      expect(loaded.get(keyOf(container, folder)), container.name).toBe(contentOf(root, folder));
    }
  }
}

// 150 series of edits on real files; on a machine that does other things, too, that takes minutes.
const slow = 180_000;

test(
  'a plan is what is done, whatever became of files and templates before; then nothing is left',
  async () => {
    await fc.assert(
      fc.asyncProperty(moments, async (all) => {
        const root = mkdtempSync(join(tmpdir(), 'arc-files-'));
        try {
          const behaviour: Record<string, Behaviour> = {};
          for (const { stack } of all)
            for (const { kind, name } of stack.containers) if (kind === 'job') behaviour[name] = { ends: 0 };
          const world: World = { engine: fakeEngine({ behaviour }), root, loaded: new Map() };
          for (const { image, role } of all.flatMap(({ stack }) => stack.containers))
            world.engine.images.set(image.reference, `sha256:${role}`);
          for (const moment of all) {
            for (const edit of moment.edits) befall(world, edit, moment);
            const seen = await look(world, moment);
            const { execution } = await carryOut({ world, seen, killedAt: moment.killedAt });
            if (execution === undefined) continue;
            expectDone(execution, seen.plan);
            expectLoaded(world, seen);
          }
          const last = all.at(-1);
          if (last === undefined) return;
          const seen = await look(world, last);
          const { execution, acts } = await carryOut({ world, seen, killedAt: Number.POSITIVE_INFINITY });
          if (execution === undefined) throw new Error('nothing was in its way');
          expectDone(execution, seen.plan);
          expect(acts).toBe(seen.plan.steps.filter(isChange).length);
          expectLoaded(world, seen);
          expect(printPlan((await look(world, last)).plan)).toBe('nothing to do');
        } finally {
          rmSync(root, { recursive: true });
        }
      }),
      { numRuns: 150 },
    );
  },
  slow,
);
