import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { insideDeciders, insideResources } from '../../src/app/inside-kinds.ts';
import { ArcError } from '../../src/core/errors.ts';
import { printPlan } from '../../src/core/print-plan.ts';
import { wrapperInputs } from '../../src/images/wrapper-state.ts';
import type { ImageFound } from '../../src/platform/docker/compile.ts';
import type { Unloaded } from '../../src/platform/docker/drivers/container-reload.ts';
import { planUp } from '../../src/platform/docker/plan-up.ts';
import type { ObservedContainer, Snapshot } from '../../src/platform/docker/snapshot.ts';
import { dockerfileText } from '../../src/render/dockerfile.ts';
import { asBootable } from '../../src/stack/bootable.ts';
import type { BootableStack, ResolvedContainer } from '../../src/stack/model.ts';
import { keepCertificates } from '../../src/workspace/authority/store.ts';
import { loadStack, loadWorkspace } from '../../src/workspace/load.ts';
import {
  findLeftRendered,
  planRuntimeConfig,
  writeRuntimeConfig,
} from '../../src/workspace/runtime-config.ts';
import { madeContainer } from '../fixtures/observed.ts';
import { repository } from '../support/run-arc.ts';

/** What somebody changes, in the profile think unless another one is named. */
type Edit = { in?: 'reason' } & (
  | { file: string; from: string; to: string }
  | { added: string; text: string }
  | { removed: string }
  | { settings: Readonly<Record<string, string>> }
  /** What the gateway says of its routes. */
  | { unloaded: Unloaded }
);

const cache = 'services/cache/service.yaml';
const realtime = 'services/realtime/service.yaml';
const gateway = 'services/gateway/service.yaml';

/** One for each kind of field in the manifest reference. */
const edits: Readonly<Record<string, Edit>> = {
  description: { file: cache, from: 'description: State', to: 'description: Shared state' },
  codename: { file: cache, from: 'codename: sonic', to: 'codename: tails' },
  upstream: { file: cache, from: 'redis:7.4-bookworm', to: 'redis:7.4.2-bookworm' },
  licenses: { file: realtime, from: 'licenses: Apache-2.0', to: 'licenses: MIT' },
  name: { file: cache, from: 'name: arc-cache\n', to: 'name: arc-redis\n' },
  user: { file: cache, from: 'user: "65532:65532"', to: 'user: "65533:65533"' },
  read_only: { file: cache, from: 'read_only: true', to: 'read_only: false' },
  command: {
    file: cache,
    from: 'command: [/etc/arc/redis.conf]',
    to: 'command: [/etc/arc/redis.conf, --loglevel, debug]',
  },
  environment: { file: realtime, from: 'environment:\n', to: 'environment:\n  LOG_LEVEL: debug\n' },
  'config: a template': { file: 'services/cache/redis.conf.liquid', from: 'port', to: '# a comment\nport' },
  'config: target': { file: cache, from: 'target: /etc/arc/redis-cli.env', to: 'target: /etc/arc/cli.env' },
  'volumes: another': {
    file: cache,
    from: 'volumes:\n',
    to: 'volumes:\n  - { name: more, target: /more }\n',
  },
  tmpfs: { file: cache, from: 'resources:\n', to: 'tmpfs: [/scratch]\nresources:\n' },
  'ports: container': { file: cache, from: 'container: 6379', to: 'container: 6380' },
  'ports: purpose': { file: cache, from: 'purpose: Redis protocol', to: 'purpose: RESP' },
  aliases: { file: cache, from: 'codename: sonic', to: 'codename: sonic\naliases: [redis]' },
  'folders: a template': {
    in: 'reason',
    file: 'services/gateway/dynamic/routes.yaml.liquid',
    from: 'http:',
    to: '# a comment\nhttp:',
  },
  'folders: another template': {
    in: 'reason',
    added: 'services/gateway/dynamic/more.yaml.liquid',
    text: '# for {{ project | yaml }}\n',
  },
  'folders: a template is gone': { in: 'reason', removed: 'services/gateway/dynamic/old.yaml.liquid' },
  'folders: target': {
    in: 'reason',
    file: gateway,
    from: 'target: /etc/arc/dynamic',
    to: 'target: /etc/arc/routes',
  },
  'folders: reload': { in: 'reason', file: gateway, from: 'path: /metrics', to: 'path: /metrics/all' },
  routes: {
    in: 'reason',
    file: realtime,
    from: '{ host: livekit, port: http }',
    to: '{ host: rooms, port: http }',
  },
  'routes: allow': {
    in: 'reason',
    file: 'services/storage/service.yaml',
    from: 'allow: [127.0.0.0/8, ',
    to: 'allow: [',
  },
  'routes: rate_limit': {
    in: 'reason',
    file: realtime,
    from: '{ host: livekit, port: http }',
    to: '{ host: livekit, port: http, rate_limit: { average: 20, period: 1s, burst: 40 } }',
  },
  'recipe, where the base is of the registry': {
    file: cache,
    from: 'packages: [',
    to: 'packages: [tzdata, ',
  },
  'flavours: without': {
    file: realtime,
    from: 'without: what docs/embedded-workers.md lists',
    to: 'without: WHIP',
  },
  'ports: front_door': {
    in: 'reason',
    file: realtime,
    from: 'front_door: { port: 443,',
    to: 'front_door: { port: 8443,',
  },
  certificates: {
    in: 'reason',
    file: gateway,
    from: 'domain: domain\n    when: { tls: internal }',
    to: 'domain: domain\n    when: { tls: acme }',
  },
  'secret_files: target': {
    in: 'reason',
    file: 'services/sql/service.yaml',
    from: 'target: /run/secrets/sql-password',
    to: 'target: /run/secrets/password',
  },
  resources: { file: cache, from: 'memory: 256m', to: 'memory: 512m' },
  logging: {
    file: cache,
    from: 'resources:\n',
    to: 'logging: { driver: json-file, options: { max-size: 1m } }\nresources:\n',
  },
  restart: { file: cache, from: 'resources:\n', to: 'restart: always\nresources:\n' },
  stop: { file: cache, from: 'resources:\n', to: 'stop: { grace: 30s }\nresources:\n' },
  'health: command': { file: cache, from: 'grep -q PONG', to: 'grep -qx PONG' },
  'health: interval': { file: cache, from: 'interval: 10s', to: 'interval: 20s' },
  'provision: another bucket': {
    file: 'services/storage/service.yaml',
    from: 'provision:\n',
    to: 'provision:\n  - { kind: s3.bucket, name: more }\n',
  },
  'ports: host': { file: cache, from: 'container: 6379', to: 'container: 6379\n    host: 16379' },
  'resources: ulimits': {
    file: cache,
    from: 'memory: 256m',
    to: 'memory: 256m\n  ulimits: { nofile: 4096 }',
  },
  'depends_on: when_present': {
    in: 'reason',
    file: realtime,
    from: '{ service: gateway, when_present: true, to: ready }',
    to: '{ service: gateway, when_present: true }',
  },
  'depends_on: hold': { file: realtime, from: 'hold: 4s', to: 'hold: 5s' },
  'secrets: dev': { file: cache, from: 'dev: arc-dev-redis-password', to: 'dev: arc-other-redis-password' },
  'settings: default': { file: realtime, from: 'default: range', to: 'default: mux' },
  'settings: domain': { in: 'reason', settings: { domain: 'example.org' } },
  'settings: tls': { in: 'reason', settings: { tls: 'none' } },
  'settings: media': { in: 'reason', settings: { media: 'mux' } },
  'nothing, and the gateway has other routes loaded': { in: 'reason', unloaded: 'other' },
  'nothing, and the gateway does not say which routes it has loaded': { in: 'reason', unloaded: 'silent' },
  checks: {
    file: realtime,
    from: 'description: The signalling endpoint answers.',
    to: 'description: It answers.',
  },
};

const root = mkdtempSync(join(tmpdir(), 'arc-edits-'));
afterAll(() => rmSync(root, { recursive: true }));

describe('the plan of an edit', () => {
  it('is the one in tests/fixtures/plan-of-edits.txt, for each kind of field', async () => {
    for (const path of ['arc.yaml', 'services'])
      cpSync(join(repository, path), join(root, path), { recursive: true });
    writeFileSync(join(root, 'services/gateway/dynamic/old.yaml.liquid'), '# for {{ project | yaml }}\n');
    const plans: string[] = [];
    for (const profile of ['think', 'reason']) {
      const before = await resolve(profile);
      keepCertificates({ root, files: before.keep });
      await writeRuntimeConfig({ root, files: await planRuntimeConfig({ root, stack: before }) });
      const planned = async (name: string, edit: Edit): Promise<void> => {
        const takeBack = make(edit, name);
        const after = await resolve(profile, 'settings' in edit ? edit.settings : {});
        plans.push(`${name}\n\n${indented(await planFrom({ before, after, edit }))}`);
        takeBack();
      };
      await planned(`nothing, with ${profile}`, { settings: {} });
      for (const [name, edit] of Object.entries(edits))
        if ((edit.in ?? 'think') === profile) await planned(name, edit);
    }
    await expect(`${plans.join('\n\n')}\n`).toMatchFileSnapshot('../fixtures/plan-of-edits.txt');
    // Each of some eighty edits resolves the workspace anew.
  }, 180_000);
});

/** @returns what takes it back */
function make(edit: Edit, name: string): () => void {
  if ('file' in edit) {
    const path = join(root, edit.file);
    const text = readFileSync(path, 'utf8');
    expect(text, name).toContain(edit.from);
    writeFileSync(path, text.replace(edit.from, edit.to));
    return () => writeFileSync(path, text);
  }
  if ('added' in edit) {
    const path = join(root, edit.added);
    writeFileSync(path, edit.text);
    return () => rmSync(path);
  }
  if ('removed' in edit) {
    const path = join(root, edit.removed);
    const text = readFileSync(path, 'utf8');
    rmSync(path);
    return () => writeFileSync(path, text);
  }
  return () => {};
}

async function resolve(
  profile: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<BootableStack> {
  const workspace = await loadWorkspace({ cwd: root });
  const request = { selection: [profile], without: [], settings, flavours: { byRole: {} } };
  return asBootable(await loadStack({ workspace, request, environment: {} }));
}

/** What is planned for a stack while another one runs, which was made from the same workspace. */
async function planFrom(options: {
  before: BootableStack;
  after: BootableStack;
  edit: Edit;
}): Promise<string> {
  const { before, after, edit } = options;
  const images = new Map<string, ImageFound>();
  const made = new Map(before.containers.map(({ image }) => [image.reference, inputsOf(image)]));
  for (const { image } of after.containers) {
    const inputs = inputsOf(image);
    const isCurrent = made.get(image.reference) === inputs;
    images.set(
      image.reference,
      isCurrent ? { madeFrom: inputs } : { outdated: 'Dockerfile, base or policy changed' },
    );
  }
  const writes = await planRuntimeConfig({ root, stack: after });
  const left = findLeftRendered({ root, files: writes });
  const files = [...writes, ...left.map((path) => ({ path, state: 'left' as const }))];
  const unloaded = new Map(
    after.containers.map(({ role, folders }) => [
      role,
      new Map('unloaded' in edit ? folders.map(({ folder }) => [folder, edit.unloaded]) : []),
    ]),
  );
  // What was declared before is there as it was declared.
  const there = new Set(insideResources(before).map(({ address }) => address));
  const wanted = insideResources(after).filter(({ address }) => !there.has(address));
  const inside = {
    wanted,
    seen: new Map(),
    asked: new Set(wanted.flatMap((one) => one.inside ?? [])),
    unwanted: new Map(),
    deciders: new Map(insideDeciders(after.project)),
  };
  const certificates = writes.some(({ state }) => state !== 'unchanged') ? after.keep : [];
  const wishes = {
    stack: after,
    certificates,
    inside,
    snapshot: snapshotOf(before),
    root: '/workspace',
    images,
    files,
    unloaded,
  };
  try {
    return printPlan(planUp(wishes));
  } catch (error) {
    if (!(error instanceof ArcError)) throw error;
    return error.problems.map(({ code, message }) => `error[${code}] ${message}`).join('\n');
  }
}

function inputsOf(image: ResolvedContainer['image']): string {
  return wrapperInputs({ role: '', image, policy: 'auto', dockerfile: dockerfileText(image) });
}

function snapshotOf(stack: BootableStack): Snapshot {
  return {
    project: stack.project,
    containers: stack.containers.map((container) => observed(container, stack)),
    networks: [{ id: 'n1', name: stack.network, project: stack.project }],
    volumes: stack.volumes.map(({ name, role }) => ({ name, role, project: stack.project })),
    images: Object.fromEntries(stack.containers.map(({ image, role }) => [image.reference, role])),
  };
}

function observed(container: ResolvedContainer, stack: BootableStack): ObservedContainer {
  const image = { id: container.role, madeFrom: inputsOf(container.image) };
  return madeContainer({ container, image, stack, root: '/workspace' });
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '    ');
}
