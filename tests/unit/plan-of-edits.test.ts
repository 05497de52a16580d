import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ArcError } from '../../src/core/errors.ts';
import { printPlan } from '../../src/core/print-plan.ts';
import { wrapperInputs } from '../../src/images/wrapper-state.ts';
import { addressOfContainer, type ImageFound } from '../../src/platform/docker/compile.ts';
import { hashContainer } from '../../src/platform/docker/hash.ts';
import { planUp } from '../../src/platform/docker/plan-up.ts';
import type { ObservedContainer, Snapshot } from '../../src/platform/docker/snapshot.ts';
import { dockerfileText } from '../../src/render/dockerfile.ts';
import { asBootable } from '../../src/stack/bootable.ts';
import type { BootableStack, ResolvedContainer } from '../../src/stack/model.ts';
import { loadStack, loadWorkspace } from '../../src/workspace/load.ts';
import { planRuntimeConfig } from '../../src/workspace/runtime-config.ts';
import { repository } from '../support/run-arc.ts';

/** An edit of one file: what is there, and what takes its place. */
type Edit = { file: string; from: string; to: string };

const cache = 'services/cache/service.yaml';
const realtime = 'services/realtime/service.yaml';

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
  'depends_on: hold': { file: realtime, from: 'hold: 4s', to: 'hold: 5s' },
  'secrets: dev': { file: cache, from: 'dev: arc-dev-redis-password', to: 'dev: arc-other-redis-password' },
  'settings: default': { file: realtime, from: 'default: range', to: 'default: mux' },
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
    const before = await resolve();
    const plans: string[] = [`nothing\n\n${indented(await planFrom(before, before))}`];
    for (const [name, edit] of Object.entries(edits)) {
      const path = join(root, edit.file);
      const text = readFileSync(path, 'utf8');
      expect(text, name).toContain(edit.from);
      writeFileSync(path, text.replace(edit.from, edit.to));
      plans.push(`${name}\n\n${indented(await planFrom(before, await resolve()))}`);
      writeFileSync(path, text);
    }
    await expect(`${plans.join('\n\n')}\n`).toMatchFileSnapshot('../fixtures/plan-of-edits.txt');
  });
});

async function resolve(): Promise<BootableStack> {
  const workspace = await loadWorkspace({ cwd: root });
  const request = { selection: ['think'], without: [], settings: {}, flavours: { byRole: {} } };
  return asBootable(await loadStack({ workspace, request, environment: {} }));
}

/** What is planned for a stack while another one runs, which was made from the same workspace. */
async function planFrom(before: BootableStack, after: BootableStack): Promise<string> {
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
  const files = await planRuntimeConfig({ root, stack: after });
  const wishes = { stack: after, snapshot: snapshotOf(before), root: '/workspace', images, files };
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

function observed(container: ResolvedContainer, { network, project }: BootableStack): ObservedContainer {
  const { role, name, service, kind, image } = container;
  const { whole, parts } = hashContainer({
    container,
    image: { id: role, madeFrom: inputsOf(image) },
    network,
    root: '/workspace',
  });
  return {
    ...{ id: addressOfContainer(container), name, project, role, service, kind, hash: whole, parts },
    ...{ image: image.reference, imageId: role, networks: [network], graceSeconds: 10 },
    ...(kind === 'job' ? { state: 'exited', exitCode: 0 } : { state: 'running' }),
    dependsOn: container.dependsOn.map((need) => need.role),
  };
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '    ');
}
