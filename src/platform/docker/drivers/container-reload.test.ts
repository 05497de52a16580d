import { describe, expect, test } from 'vitest';
import { madeContainer } from '../../../../tests/fixtures/observed.ts';
import { needs, testContainer, testStack } from '../../../../tests/fixtures/stacks.ts';
import { printPlan, printSteps } from '../../../core/print-plan.ts';
import { Secret } from '../../../core/secret.ts';
import type { Wishes } from '../compile.ts';
import { planUp } from '../plan-up.ts';
import type { ObservedContainer } from '../snapshot.ts';
import { isBelow, type Unloaded } from './container-reload.ts';

const folder = 'services/gateway/rendered/dynamic';
const gateway = testContainer({
  role: 'gateway',
  folders: [
    {
      folder,
      target: '/etc/dynamic',
      files: [{ file: `${folder}/routes.yaml`, template: 'routes.yaml.liquid', content: new Secret('a') }],
      reload: {
        kind: 'watch',
        proof: { port: 'http', path: '/metrics', pattern: '(.*)', mark: 'time' },
      },
    },
  ],
});
const client = testContainer({ role: 'client', dependsOn: needs('gateway') });
const stack = testStack({ containers: [gateway, client] });

/** What an up would do while both run, as they were made. */
function plan(
  change: Partial<Wishes> & { gateway?: Partial<ObservedContainer>; copiesConfig?: true; made?: string } = {},
) {
  const { copiesConfig, made = 'a', ...wishes } = change;
  const root = copiesConfig ? '' : '/workspace';
  const containers = stack.containers.map((container): ObservedContainer => {
    const { role } = container;
    const folders = container.folders.map((one) => ({
      ...one,
      files: one.files.map(({ file }) => ({ file, content: new Secret(made) })),
    }));
    return madeContainer({
      container: { ...container, folders },
      image: { id: `sha256:${role}` },
      ...{ stack, root },
      ...(role === 'gateway' && change.gateway !== undefined ? { change: change.gateway } : {}),
    });
  });
  return planUp({
    stack,
    root: '/workspace',
    ...wishes,
    snapshot: {
      project: 'arc',
      containers,
      networks: [{ id: 'n1', name: stack.network, project: 'arc' }],
      volumes: [],
      images: Object.fromEntries(
        stack.containers.map(({ image, role }) => [image.reference, `sha256:${role}`]),
      ),
      ...(copiesConfig && { copiesConfig }),
    },
  });
}

const said = (what: Unloaded) => new Map([['gateway', new Map([[folder, what]])]]);
const changed = [{ path: `${folder}/routes.yaml`, state: 'changed' as const }];

describe('a program that loads a folder while it runs', () => {
  test('is reloaded once its files are written and it is healthy, and others wait for that', () => {
    const files = [...changed, { path: `${folder}/old.yaml`, state: 'left' as const }];
    expect(printSteps(plan({ files }))).toBe(
      `
1 change config ${folder}/routes.yaml  (out of date)
2 remove config ${folder}/old.yaml  (its template is gone)
3 await container arc-gateway  after 1, 2  (running)
4 reload container arc-gateway  after 3  (reloaded, not restarted: ${folder} changes)
5 await container arc-client  after 4  (running)
`.trim(),
    );
  });

  test('is left alone where it has loaded what is there', () => {
    expect(printPlan(plan({ files: [{ path: `${folder}/routes.yaml`, state: 'unchanged' }] }))).toBe(
      'nothing to do',
    );
  });

  test.each([
    ['other', 'it has not loaded'],
    ['silent', 'it does not say whether it has loaded'],
  ] as const)('is reloaded where its own mark is %s', (what, cause) => {
    expect(printPlan(plan({ unloaded: said(what) }))).toBe(
      `~ container arc-gateway  (reloaded, not restarted: ${cause} ${folder})`,
    );
  });

  test('loads its files when it is started, and is asked again after it was paused', () => {
    expect(printPlan(plan({ files: changed, gateway: { state: 'exited', exitCode: 0 } }))).toBe(
      `~ config ${folder}/routes.yaml  (out of date)
> container arc-gateway  (exited with 0)
= container arc-client  (asked again: gateway is started)`,
    );
    expect(printPlan(plan({ gateway: { state: 'paused' } }))).toBe(
      `> container arc-gateway  (paused)
~ container arc-gateway  (reloaded, not restarted: it was paused, and ${folder} may have changed)
= container arc-client  (asked again: gateway is unpaused)`,
    );
  });

  test('is recreated instead where the Engine is given copies of the files', () => {
    expect(printPlan(plan({ files: changed, copiesConfig: true, made: 'before' }))).toBe(
      `~ config ${folder}/routes.yaml  (out of date)
~ container arc-gateway  (config changed: config)
= container arc-client  (asked again: gateway is recreated)`,
    );
  });

  test('keeps what it has where only another one is restarted', () => {
    expect(printPlan(plan({ unloaded: said('other'), asMade: new Set(['gateway']) }))).toBe('nothing to do');
  });
});

test.each([
  ['a/b/c', true],
  ['a/bc', false],
  ['a/b', true],
  ['a', false],
])('%s is below a/b: %s', (file, below) => {
  expect(isBelow(file, 'a/b')).toBe(below);
});
