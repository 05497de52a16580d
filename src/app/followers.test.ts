import { describe, expect, test } from 'vitest';
import { observedContainer } from '../../tests/fixtures/observed.ts';
import { testContainer } from '../../tests/fixtures/stacks.ts';
import { hasItsFolders, together } from './followers.ts';

const folder = (name: string) => ({ folder: name, target: `/${name}`, files: [] });

describe('containers beside a boot', () => {
  test('are there once, where one depends on the stack and follows it', () => {
    const metrics = testContainer({ role: 'metrics' });
    const dependent = { ...metrics, folders: [folder('config'), folder('targets')] };
    const follower = { ...metrics, dependsOn: [], folders: [folder('targets')] };
    const both = together({ dependents: [dependent], followers: [follower] });
    expect(both).toEqual([{ ...dependent, folders: [folder('targets')] }]);
  });

  test('are those that depend on it, and those that follow it', () => {
    const [app, metrics] = ['app', 'metrics'].map((role) => testContainer({ role }));
    if (app === undefined || metrics === undefined) return expect.unreachable();
    expect(together({ dependents: [app], followers: [metrics] })).toEqual([app, metrics]);
  });
});

describe('a container that follows', () => {
  const container = {
    role: 'metrics',
    folders: [
      { ...folder('.arc/config/metrics/rendered/targets'), target: '/targets', follows: true as const },
    ],
  };
  const mounting = (...binds: { source: string; target: string }[]) =>
    hasItsFolders({
      container,
      root: '/home/me/stack',
      snapshot: {
        project: 'arc',
        containers: [observedContainer('metrics', [], { binds })],
        networks: [],
        volumes: [],
        images: {},
      },
    });

  test('mounts what is rendered for it', () => {
    expect(
      mounting({ source: '/home/me/stack/.arc/config/metrics/rendered/targets', target: '/targets' }),
    ).toBe(true);
  });

  test('is left alone if it mounts something else, such as the files of another folder or of an older arc', () => {
    expect(mounting({ source: '/home/you/.arc/config/metrics/rendered/targets', target: '/targets' })).toBe(
      false,
    );
    expect(mounting({ source: '/home/me/stack/services/metrics/rendered/config', target: '/config' })).toBe(
      false,
    );
    expect(mounting()).toBe(false);
  });
});
