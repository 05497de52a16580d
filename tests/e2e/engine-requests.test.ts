import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EngineProxy, openEngineProxy } from '../support/engine-proxy.ts';
import { openStage, type Stage } from '../support/stage.ts';

describe('of a stack that runs as it should', () => {
  let stage: Stage;
  let proxy: EngineProxy;
  beforeAll(async () => {
    stage = await openStage({ settings: { media: 'mux' } });
    await stage.succeed(['up', 'realtime', '--yes']);
    proxy = await openEngineProxy();
  });
  afterAll(async () => {
    proxy?.close();
    await stage?.close();
  });

  /** Every list and description that a command asks the Engine for, each as often as it does. */
  const questions = async (args: readonly string[]): Promise<readonly string[]> => {
    const before = proxy.requests.length;
    await stage.succeed(args, { environment: proxy.environment });
    return proxy.requests
      .slice(before)
      .flatMap(
        (request) =>
          /^GET \/((?:containers|images)\/json|networks|volumes|info|version)(?:\?|$)/.exec(request)?.[1] ??
          [],
      )
      .toSorted();
  };
  const each = ['containers/json', 'images/json', 'info', 'networks', 'version', 'volumes'];

  it.each([['plan', 'realtime'], ['status'], ['drift'], ['images'], ['down', '--dry-run']])(
    'arc %s asks the Engine for each list once',
    async (...args) => {
      expect(await questions(args)).toEqual(each);
    },
  );

  it('arc up does as well, but for the volumes, among which it finds out who has the lock before it looks', async () => {
    expect(await questions(['up', 'realtime'])).toEqual([...each, 'volumes']);
  });
});
