import { describe, expect, it } from 'vitest';
import { madeContainer } from '../../../tests/fixtures/observed.ts';
import { needs, testContainer, testJob, testStack } from '../../../tests/fixtures/stacks.ts';
import { printPlan } from '../../core/print-plan.ts';
import { planUp } from '../../platform/docker/plan-up.ts';
import type { ObservedContainer, Snapshot } from '../../platform/docker/snapshot.ts';
import type { ReleasedSet } from '../../release/released-set.ts';
import type { BootableStack, ResolvedContainer } from '../../stack/model.ts';
import { bystanders, presentStack, repositoriesOf, rolledBackStack } from './rolled-back-stack.ts';

const root = '/workspace';
const cache = testContainer({ role: 'cache' });
const realtime = testContainer({ role: 'realtime', dependsOn: needs('cache') });
const setUp = testJob({
  role: 'realtime-set-up',
  service: 'realtime',
  image: realtime.image,
  dependsOn: needs('realtime'),
});
const ingress = testContainer({
  role: 'realtime-ingress',
  service: 'realtime',
  dependsOn: needs('cache', 'realtime'),
});
const stack = testStack({ containers: [cache, realtime, setUp, ingress] });

const digest = (name: string) => `sha256:${Buffer.from(name).toString('hex').padEnd(64, '0').slice(0, 64)}`;
const release: ReleasedSet = {
  version: 'v0.1.0',
  revision: 'c0ffee',
  images: repositoriesOf([realtime, ingress]).map((repository) => ({
    repository,
    digest: digest(repository.repository),
    platforms: [],
  })),
};
const after = rolledBackStack({ service: 'realtime', stack, release });

/** The Engine with the wrappers of `stack` and the images of the release on it, each with an id of its own. */
function snapshot(containers: readonly ObservedContainer[], images = allImages()): Snapshot {
  return {
    project: stack.project,
    containers,
    networks: [{ id: 'n1', name: stack.network, project: stack.project }],
    volumes: [],
    images,
  };
}

function allImages(): Record<string, string> {
  const references = [...stack.containers, ...after.containers].map(({ image }) => image.reference);
  return Object.fromEntries(references.map((reference) => [reference, `id of ${reference}`]));
}

function made(container: ResolvedContainer, change: Partial<ObservedContainer> = {}): ObservedContainer {
  const image = { id: allImages()[container.image.reference] ?? '' };
  return madeContainer({ container, image, stack, root, change });
}

function planOf(current: Snapshot, wanted: BootableStack = after): string {
  const asMade = bystanders({ service: 'realtime', stack: wanted, snapshot: current });
  return printPlan(planUp({ stack: wanted, snapshot: current, root, asMade }));
}

const everything = () => stack.containers.map((one) => made(one));

describe('the plan of a rollback', () => {
  it('replaces the containers of the service, and runs its jobs again; the cause is the image', () => {
    expect(planOf(snapshot(everything()))).toBe(`\
~ container arc-realtime  (config changed: image)
~ job arc-realtime-set-up  (config changed: image)
~ container arc-realtime-ingress  (config changed: image)`);
  });

  it('names the images by digest', () => {
    const references = Object.fromEntries(after.containers.map(({ role, image }) => [role, image.reference]));
    expect(references).toEqual({
      cache: 'ghcr.io/arc-framework/arc-cache:latest',
      realtime: `ghcr.io/arc-framework/arc-realtime@${digest('arc-framework/arc-realtime')}`,
      'realtime-set-up': `ghcr.io/arc-framework/arc-realtime@${digest('arc-framework/arc-realtime')}`,
      'realtime-ingress': `ghcr.io/arc-framework/arc-realtime-ingress@${digest('arc-framework/arc-realtime-ingress')}`,
    });
  });

  it('leaves what the service needs as it is, whatever the manifests say of it now', () => {
    const old = made({ ...cache, environment: { LEVEL: 'debug' } });
    const current = snapshot([old, ...after.containers.slice(1).map((one) => made(one))]);
    expect(planOf(current)).toBe('nothing to do');
  });

  it('starts what the service needs where it does not run', () => {
    const current = snapshot([made(cache, { state: 'exited', exitCode: 137 }), ...everything().slice(1)]);
    expect(planOf(current)).toContain('> container arc-cache  (exited with 137)');
  });

  it('goes on where it was interrupted', () => {
    const [, realtimeNow, job, ingressBefore] = [
      made(cache),
      made(after.containers[1] ?? realtime),
      made(after.containers[2] ?? setUp),
      made(ingress),
    ];
    expect(planOf(snapshot([made(cache), realtimeNow, job, ingressBefore]))).toBe(
      '~ container arc-realtime-ingress  (config changed: image)',
    );
    expect(planOf(snapshot([made(cache), realtimeNow, job]))).toBe(
      '+ container arc-realtime-ingress  (no existing container)',
    );
  });

  it('has nothing to do the second time', () => {
    expect(planOf(snapshot(after.containers.map((one) => made(one))))).toBe('nothing to do');
  });

  it('is undone by an up, and the cause is the image again', () => {
    const current = snapshot(after.containers.map((one) => made(one)));
    expect(printPlan(planUp({ stack, snapshot: current, root }))).toContain(
      '~ container arc-realtime  (config changed: image)',
    );
  });
});

describe('the containers that are rolled back', () => {
  const roles = (current: Snapshot) =>
    presentStack({ service: 'realtime', stack, snapshot: current }).containers.map(({ role }) => role);
  const without = (...references: readonly string[]) =>
    Object.fromEntries(Object.entries(allImages()).filter(([name]) => !references.includes(name)));

  it('are those that this machine has had: one that was left out of every boot stays out', () => {
    const images = without(ingress.image.reference);
    expect(roles(snapshot([made(cache), made(realtime)], images))).toEqual([
      'cache',
      'realtime',
      'realtime-set-up',
    ]);
  });

  it('are also those that were removed, by whatever interrupted it, but whose wrapper is there', () => {
    expect(roles(snapshot([made(cache)]))).toEqual([
      'cache',
      'realtime',
      'realtime-set-up',
      'realtime-ingress',
    ]);
  });

  it('are also those whose wrapper has gone, as long as they run', () => {
    const images = without(ingress.image.reference);
    expect(roles(snapshot(everything(), images))).toContain('realtime-ingress');
  });

  it('are none of an embedded flavour: of those there is no release, and what runs goes on', () => {
    const flavour = { name: 'embedded', because: '' };
    const current = snapshot([made(cache), made(realtime), made(ingress, { flavour })]);
    expect(roles(current)).toEqual(['cache', 'realtime', 'realtime-set-up']);
    const present = presentStack({ service: 'realtime', stack: after, snapshot: current });
    expect(planOf(current, present)).not.toContain('realtime-ingress');
  });

  it('are none where the service never ran here', () => {
    const images = without(realtime.image.reference, ingress.image.reference);
    expect(() => roles(snapshot([made(cache)], images))).toThrow(
      'realtime has never run here, so there is nothing to roll back.',
    );
  });
});
