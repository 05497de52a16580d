import { describe, expect, test } from 'vitest';
import { observedContainer as container } from '../../../tests/fixtures/observed.ts';
import { selectDown } from './down-selection.ts';
import type { ObservedContainer } from './snapshot.ts';

const cache = container('cache');
const storage = container('storage');
const buckets = container('buckets', ['storage'], { kind: 'job', state: 'exited', exitCode: 0 });
const realtime = container('realtime', ['cache']);
const ingress = container('ingress', ['realtime', 'cache']);
const egress = container('egress', ['realtime', 'cache', 'buckets']);
const everything = [cache, storage, buckets, realtime, ingress, egress];

function down(
  named: readonly string[],
  options: {
    containers?: ObservedContainer[];
    without?: string[];
    described?: ReadonlyMap<string, readonly string[]>;
    loose?: ReadonlyMap<string, ReadonlySet<string>>;
  } = {},
): { goes: readonly string[]; stays: readonly string[] } {
  const { containers = everything, without = [], described = new Map(), loose = new Map() } = options;
  const snapshot = { project: 'arc', containers, networks: [], volumes: [], images: {} };
  const { roles, stays } = selectDown({
    snapshot,
    named: new Set(named),
    leftOut: new Set(without),
    described,
    loose,
  });
  return {
    goes: [...roles].toSorted(),
    stays: stays.map(({ role, neededBy }) => `${role}: ${neededBy.join(', ')}`),
  };
}

describe('a down of a selection', () => {
  test('neither takes along nor keeps what others need only when it is present', () => {
    const gateway = container('gateway');
    const server = container('realtime', ['cache', 'gateway']);
    const loose = new Map([['realtime', new Set(['gateway'])]]);
    const containers = [cache, gateway, server];
    expect(down(['gateway'], { containers, loose })).toEqual({ goes: ['gateway'], stays: [] });
    expect(down(['realtime'], { containers, loose })).toEqual({ goes: ['cache', 'realtime'], stays: [] });
  });

  test('takes what it needs along, through jobs that have ended as well', () => {
    expect(down(['realtime', 'ingress', 'egress'])).toEqual({
      goes: ['buckets', 'cache', 'egress', 'ingress', 'realtime', 'storage'],
      stays: [],
    });
  });

  test('leaves what something else that runs needs, and says which', () => {
    expect(down(['egress'])).toEqual({
      goes: ['buckets', 'egress', 'storage'],
      stays: ['cache: ingress, realtime', 'realtime: ingress'],
    });
  });

  test('never stops what was named while something else that runs needs it', () => {
    expect(down(['cache'])).toEqual({ goes: [], stays: ['cache: egress, ingress, realtime'] });
    expect(down(['storage'])).toEqual({ goes: [], stays: ['storage: egress'] });
  });

  test('takes what only stopped containers need', () => {
    const containers = [cache, container('realtime', ['cache'], { state: 'exited' })];
    expect(down(['cache'], { containers })).toEqual({ goes: ['cache'], stays: [] });
  });

  test('leaves what is left out, with all that it needs', () => {
    const containers = [cache, realtime];
    expect(down(['realtime'], { containers, without: ['cache'] })).toEqual({ goes: ['realtime'], stays: [] });
    expect(down(['cache'], { containers, without: ['realtime'] })).toEqual({
      goes: [],
      stays: ['cache: realtime'],
    });
  });

  test('goes on where an interrupted one left what only the removed container needed', () => {
    const described = new Map([['realtime', ['cache']]]);
    const { goes } = down(['realtime'], { containers: [cache], described });
    expect(goes).toEqual(['cache', 'realtime']);
  });

  test('does not care what another project needs', () => {
    const containers = [cache, container('theirs', ['cache'], { project: 'shop' })];
    expect(down(['cache'], { containers })).toEqual({ goes: ['cache'], stays: [] });
  });
});
