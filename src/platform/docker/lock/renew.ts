import type { Clock } from '../../../core/clock.ts';
import { ArcError } from '../../../core/errors.ts';
import { claimName, type LockEngine, listClaims, newestClaims, removeClaims, writeClaim } from './claims.ts';
import type { Holder } from './holder.ts';
import { judgeAll } from './judge.ts';
import { lost } from './problems.ts';
import { beatMilliseconds, millisecondsSince, momentOf, trustMilliseconds } from './times.ts';

/**
 * Renews a claim that holds a lock until it is disposed of, which removes it.
 *
 * @param options.beat of the claim that is there
 * @param options.name of that claim
 */
export function keepAlive(options: {
  engine: LockEngine;
  project: string;
  token: string;
  beat: number;
  name: string;
  holder: Holder;
  address: string;
  clock: Clock;
}): AsyncDisposable & { confirm: () => Promise<void> } {
  const { engine, project, token, address, clock } = options;
  let { beat } = options;
  let renewed = momentOf(clock);
  let gone: ArcError | undefined;
  let renewal: Promise<void> | undefined;
  const names = new Set([options.name]);
  const ended = new AbortController();
  const isLate = () => millisecondsSince({ moment: renewed, clock }) > trustMilliseconds;

  const renew = async (): Promise<void> => {
    const moment = momentOf(clock);
    const wasLate = isLate();
    beat += 1;
    const name = claimName({ project, token, beat });
    const before = new Set(names);
    names.add(name);
    await writeClaim({ ...options, beat });
    const claims = await listClaims(options);
    // Somebody may have seen no claim of this arc, or a silent one, and have taken the lock.
    if (wasLate || !claims.some((claim) => before.has(claim.name))) {
      const own = claims.find((claim) => claim.name === name);
      const rivals = newestClaims(claims).filter((claim) => claim.token !== token);
      const [other] = judgeAll({ rivals, own, watched: new Set() }).living;
      if (other !== undefined) {
        ended.abort();
        gone = lost({ project, address, to: other });
        await removeClaims({ engine, names });
        throw gone;
      }
    }
    renewed = moment;
    await removeClaims({ engine, names: before });
    for (const old of before) names.delete(old);
  };
  const renewOnce = (): Promise<void> => {
    renewal ??= renew().finally(() => {
      renewal = undefined;
    });
    return renewal;
  };

  const beating = (async () => {
    for (;;) {
      await clock.sleep(beatMilliseconds, ended.signal);
      if (ended.signal.aborted) return;
      // The Engine may answer next time; users of the lock learn about a loss from `confirm`.
      await renewOnce().catch((error: unknown) => {
        if (!(error instanceof ArcError)) throw error;
      });
    }
  })();

  return {
    confirm: async () => {
      if (gone !== undefined) throw gone;
      if (isLate()) await renewOnce();
    },
    [Symbol.asyncDispose]: async () => {
      ended.abort();
      await beating;
      if (gone !== undefined) return;
      try {
        await removeClaims({ engine, names });
      } catch (error) {
        // It is no longer renewed and its process ends: the next arc removes it.
        if (!(error instanceof ArcError)) throw error;
      }
    },
  };
}
