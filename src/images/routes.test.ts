import { describe, expect, it } from 'vitest';
import { planRoutes, type RouteFacts } from './routes.ts';

const nothing: RouteFacts = {
  policy: 'auto',
  offline: false,
  presentUpstream: false,
  presentOther: false,
  presentLocal: false,
  recipe: true,
  cached: false,
  refresh: false,
};

describe('routes to a base', () => {
  it.each<[string, Partial<RouteFacts>, string[]]>([
    ['auto, nothing there', {}, ['pull', 'build']],
    ['auto, no recipe', { recipe: false }, ['pull']],
    ['auto, built before', { cached: true }, ['pull', 'load-cached', 'build']],
    ['auto, upstream on the Engine', { presentUpstream: true, cached: true }, ['present-upstream']],
    ['auto, local base on the Engine', { presentLocal: true }, ['present-local']],
    ['auto, both on the Engine', { presentUpstream: true, presentLocal: true }, ['present-upstream']],
    ['auto, offline, nothing there', { offline: true }, []],
    ['auto, offline, built before', { offline: true, cached: true }, ['load-cached']],
    ['auto, offline, on the Engine', { offline: true, presentUpstream: true }, ['present-upstream']],
    ['registry, nothing there', { policy: 'registry' }, ['pull']],
    ['registry, only a local base there', { policy: 'registry', presentLocal: true, cached: true }, ['pull']],
    ['registry, offline', { policy: 'registry', offline: true }, []],
    ['local, nothing there', { policy: 'local' }, ['build']],
    ['local, only upstream there', { policy: 'local', presentUpstream: true }, ['build']],
    ['local, built before', { policy: 'local', cached: true }, ['load-cached', 'build']],
    ['local, no recipe', { policy: 'local', recipe: false }, []],
    ['local, offline, built before', { policy: 'local', offline: true, cached: true }, ['load-cached']],
    ['local, anew', { policy: 'local', presentLocal: true, cached: true, refresh: true }, ['build']],
    ['auto, another than the locked one on the Engine', { presentOther: true }, ['pull', 'build']],
    ['registry, anew', { policy: 'registry', presentUpstream: true, refresh: true }, ['pull']],
  ])('%s', (_case, facts, routes) => {
    const steps = planRoutes({ ...nothing, ...facts });
    expect(steps.flatMap((step) => ('route' in step ? [step.route] : []))).toEqual(routes);
  });

  it('says why nothing can be done', () => {
    expect(planRoutes({ ...nothing, offline: true })).toEqual([
      { ruledOut: 'registry: not asked while offline, and the image is not on the Engine' },
      { ruledOut: 'local recipe: has not been built on this machine, and needs the network' },
    ]);
    expect(planRoutes({ ...nothing, policy: 'registry', offline: true, presentOther: true })[0]).toEqual({
      ruledOut: 'registry: not asked while offline, and the Engine has another image than is locked',
    });
    expect(planRoutes({ ...nothing, policy: 'local', recipe: false })).toEqual([
      { ruledOut: 'registry: not asked, the policy is "local"' },
      { ruledOut: 'local recipe: the manifest has none for this base' },
    ]);
    expect(planRoutes({ ...nothing, policy: 'registry' })).toEqual([
      { route: 'pull' },
      { ruledOut: 'local recipe: not used, the policy is "registry"' },
    ]);
  });
});
