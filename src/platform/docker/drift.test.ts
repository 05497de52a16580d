import { describe, expect, it } from 'vitest';
import { observedContainer } from '../../../tests/fixtures/observed.ts';
import { testContainer } from '../../../tests/fixtures/stacks.ts';
import { asItWasMade, containerDrift, goneDrift, guestDrift, placeDrift } from './drift.ts';
import { parseEvents } from './drift-events.ts';
import type { ContainerFacts } from './drift-facts.ts';
import { hashContainer } from './hash.ts';
import type { ObservedContainer } from './snapshot.ts';

const network = 'arc-net';
const cache = testContainer({ role: 'cache', resources: { memory: 500_000_000 }, restart: 'unless-stopped' });
const made = hashContainer({ container: cache, image: { id: 'a' }, network, root: '/w' });

const asMade: ContainerFacts = {
  id: 'cache',
  limits: { memory: '500 MB', 'restart policy': 'unless-stopped' },
  networks: [{ name: network, aliases: ['arc-cache', 'cache', '0123456789ab'] }],
  outOfMemory: false,
  startedAt: '2026-01-01T00:00:00.5Z',
  finishedAt: '2026-01-01T00:10:00Z',
};

const second = (minute: number) => Date.parse('2026-01-01T00:00:00Z') / 1000 + minute * 60;
const event = (Action: string, minute: number, Attributes: Record<string, string> = {}, ID = 'cache') =>
  JSON.stringify({ Action, Actor: { ID, Attributes }, time: second(minute) });

function found(
  options: {
    facts?: Partial<ContainerFacts>;
    existing?: Partial<ObservedContainer>;
    events?: readonly string[];
    known?: boolean;
  } = {},
) {
  const existing = observedContainer('cache', [], { networks: [network], ...options.existing });
  const facts = { ...asMade, ...options.facts };
  const compared = { existing, facts, asMade: options.known === false ? undefined : cache };
  return containerDrift({ compared, network, events: parseEvents((options.events ?? []).join('\n')) });
}

describe('a container', () => {
  it('has no drift where it is as it was made', () => {
    expect(found()).toEqual([]);
  });

  it('has other limits after `docker update`, with its time', () => {
    const limits = { 'restart policy': 'always', cpus: '2' };
    const by = { did: 'update', at: '2026-01-01T00:05:00.000Z' };
    const events = [event('update', 3), event('update', 5), event('update', 6, {}, 'another')];
    expect(found({ facts: { limits }, events })).toMatchObject([
      { what: 'cpus', before: 'no limit', now: '2', by, remedy: 'recreate' },
      { what: 'memory', before: '500 MB', now: 'no limit', by },
      { what: 'restart policy', before: 'unless-stopped', now: 'always', by },
    ]);
  });

  it('has no limits to compare where it was made with another configuration', () => {
    expect(found({ facts: { limits: {} }, known: false })).toEqual([]);
  });

  it.each([
    ['stopped', ['kill', 'die', 'stop'], { did: 'stop' }],
    ['killed', ['kill', 'die'], { did: 'kill' }],
    ['ended by itself', ['die'], { who: 'the program itself' }],
    ['forgotten by the Engine', [], { at: asMade.finishedAt }],
  ])('that does not run was %s', (_, actions, by) => {
    const events = actions.map((action) => event(action, 10));
    expect(found({ existing: { state: 'exited', exitCode: 137 }, events })).toMatchObject([
      { what: 'state', before: 'running', now: 'exited with 137', by, remedy: 'up' },
    ]);
  });

  it('was not stopped by what happened before its last start', () => {
    const [drift] = found({ existing: { state: 'exited' }, events: [event('stop', -5), event('die', 10)] });
    expect(drift?.by).toMatchObject({ who: 'the program itself' });
  });

  it('was ended by the kernel where memory ran out', () => {
    const [drift] = found({ existing: { state: 'exited' }, facts: { outOfMemory: true } });
    expect(drift?.by.who).toBe('the kernel, out of memory');
  });

  it('is paused by somebody, and a job that has ended is not drift', () => {
    expect(found({ existing: { state: 'paused' } })).toMatchObject([{ now: 'paused' }]);
    expect(found({ existing: { state: 'exited', exitCode: 1, kind: 'job' } })).toEqual([]);
  });

  it('has another name', () => {
    expect(found({ existing: { name: 'mine' } })).toMatchObject([
      { on: 'container/mine', what: 'name', before: 'arc-cache', now: 'mine' },
    ]);
  });

  it('is on another network, and no longer on its own', () => {
    const networks = [{ name: 'side', aliases: [] }];
    const events = [
      event('connect', 1, { container: 'cache', name: 'side' }, 'net-1'),
      event('disconnect', 2, { container: 'cache', name: network }, 'net-2'),
    ];
    expect(found({ facts: { networks }, existing: { networks: ['side'] }, events })).toMatchObject([
      { what: 'network side', now: 'connected', by: { did: 'connect' }, remedy: 'recreate' },
      { what: 'network arc-net', now: 'not connected', by: { did: 'disconnect' }, remedy: 'up' },
    ]);
  });

  it('has lost the names that others call it by, where it was connected again by hand', () => {
    const networks = [{ name: network, aliases: ['0123456789ab'] }];
    expect(found({ facts: { networks } })).toMatchObject([{ before: 'arc-cache, cache' }]);
  });
});

describe('what a container was made from', () => {
  const compare = (container = cache) =>
    asItWasMade({
      existing: observedContainer('cache', [], { hash: made.whole, parts: made.parts }),
      ...{ candidates: [container], network, root: '/w', selinux: false },
    });

  it('is the manifest where the hash says so, whatever its image is made from now', () => {
    expect(compare()).toBe(cache);
  });

  it('is not known where the manifest says something else now', () => {
    expect(compare({ ...cache, resources: { memory: 1 } })).toBeUndefined();
  });
});

describe('beside containers', () => {
  it('a container that others need is gone, with the time of its removal', () => {
    const events = parseEvents(event('destroy', 4, { 'arc.role': 'cache' }, 'gone'));
    const containers = [observedContainer('sip', ['cache'])];
    expect(goneDrift({ containers, names: new Map([['cache', 'arc-cache']]), events })).toMatchObject([
      { on: 'container/arc-cache', now: 'removed', by: { did: 'destroy' } },
    ]);
  });

  it('a network and a volume have another driver or options than arc gives', () => {
    const places = [
      { kind: 'network', name: 'a', driver: 'macvlan', options: {}, project: 'arc' },
      { kind: 'volume', name: 'b', driver: 'local', options: { type: 'tmpfs' }, project: 'arc' },
      { kind: 'volume', name: 'c', driver: 'local', options: {}, project: 'arc' },
      { kind: 'volume', name: 'd', driver: 'nfs', options: {} },
    ] as const;
    expect(placeDrift({ places, project: 'arc' })).toMatchObject([
      { on: 'network/a', before: 'bridge', now: 'macvlan' },
      { on: 'volume/b', before: 'none', now: 'type=tmpfs' },
    ]);
  });

  it('a container of somebody else is on the network', () => {
    const guests = [{ id: 'x', name: 'shop', maker: 'the Docker Compose project "shop"' }];
    expect(guestDrift({ guests, events: [], network })).toMatchObject([
      { on: 'container/shop', by: { who: 'the Docker Compose project "shop"' }, remedy: 'stranger' },
    ]);
  });
});
