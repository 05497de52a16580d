import { randomBytes } from 'node:crypto';
import { type Clock, systemClock } from '../../../core/clock.ts';
import type { Problem } from '../../../core/errors.ts';
import {
  type Claim,
  claimName,
  type LockEngine,
  listClaims,
  newestClaims,
  removeClaims,
  writeClaim,
} from './claims.ts';
import { type Holder, thisProcess } from './holder.ts';
import { judgeAll } from './judge.ts';
import { locked, silent } from './problems.ts';
import { keepAlive } from './renew.ts';
import { contestMilliseconds, watchMilliseconds } from './times.ts';

/** A project's lock that is held. */
export type ProjectLock = AsyncDisposable & {
  /** The one before died without releasing it, and the Engine may still be busy with what it was asked. */
  abandoned: boolean;
  /**
   * Makes sure that the lock is still held: immediately while that is certain, else by asking the Engine.
   *
   * @throws ArcError `lock-lost` if another arc took over while this machine slept or was cut off
   */
  confirm: () => Promise<void>;
};

export type LockOptions = {
  engine: LockEngine;
  project: string;
  /** Shown to the next arc: `arc up`. */
  command: string;
  /** Address of the Engine, for people. */
  address: string;
  signal: AbortSignal;
  /** Called before waiting for a lock that may be abandoned on another machine. */
  warn: (problem: Problem) => void;
  clock?: Clock;
  holder?: Holder;
};

/**
 * Makes sure that only one arc at a time changes a project on an Engine, whatever machine each arc runs on.
 *
 * The lock consists of empty volumes on the Engine. A process first writes a claim under a unique name and only then
 * looks for other claims: of two processes at least one sees the other, so both never hold the lock. A claim whose
 * process is gone is removed. A claim from another machine is trusted while it is renewed; after that it is watched
 * before it counts as dead.
 *
 * @throws ArcError `locked` (exit status 1) naming the holder
 */
export async function lockProject(options: LockOptions): Promise<ProjectLock> {
  const { engine, project, address, signal, warn, clock = systemClock } = options;
  const { holder = thisProcess(options) } = options;
  const token = randomBytes(8).toString('hex');
  /** The last signs of life of claims that were watched in vain. */
  const watched = new Set<string>();
  for (let beat = 0; ; beat += 1) {
    const own = { name: claimName({ project, token, beat }), beat };
    const withdraw = () => removeClaims({ engine, names: [own.name] });
    try {
      await writeClaim({ engine, project, token, beat, holder });
      const contest = await contend({ engine, project, token, watched, clock, signal });
      if (contest.kind === 'won') {
        await removeClaims({ engine, names: contest.dead.map(({ name }) => name) });
        const held = keepAlive({ engine, project, token, ...own, holder, address, clock });
        return { ...held, abandoned: contest.dead.length > 0 };
      }
      if (contest.kind === 'lost') throw locked({ project, address, by: contest.to });
      for (const { claim, milliseconds } of contest.silent) {
        const watch = watchMilliseconds / 1000;
        warn(silent({ project, claim, seconds: Math.round(milliseconds / 1000), watch }));
        watched.add(claim.name);
      }
    } catch (error) {
      await withdraw();
      throw error;
    }
    // Not while it waits: another process may take the lock meanwhile.
    await withdraw();
    await clock.sleep(watchMilliseconds, signal);
    signal.throwIfAborted();
  }
}

type Contest =
  | { kind: 'won'; dead: readonly Claim[] }
  | { kind: 'lost'; to: Claim }
  | { kind: 'silent'; silent: readonly { claim: Claim; milliseconds: number }[] };

/** Interval at which a waiting arc looks for others to withdraw. */
const lookMilliseconds = 50;

/**
 * Looks for other claims. Of simultaneous claims the one with the lowest token stays, and all others withdraw. The one
 * that stays waits until they have, so that it does not overlook an earlier holder.
 */
async function contend(options: {
  engine: LockEngine;
  project: string;
  token: string;
  watched: ReadonlySet<string>;
  clock: Clock;
  signal: AbortSignal;
}): Promise<Contest> {
  const { token, watched, clock, signal } = options;
  for (let waited = 0; ; waited += lookMilliseconds) {
    signal.throwIfAborted();
    const claims = await listClaims(options);
    const own = claims.find((claim) => claim.token === token);
    const rivals = newestClaims(claims).filter((claim) => claim.token !== token);
    const { living, silent, dead } = judgeAll({ rivals, own, watched });
    const [first] = living;
    if (first === undefined) {
      if (silent.length > 0) return { kind: 'silent', silent };
      const tokens = new Set(dead.map((claim) => claim.token));
      return { kind: 'won', dead: claims.filter((claim) => tokens.has(claim.token)) };
    }
    const holding = living.find((claim) => isHeld({ claim, own }));
    if (holding !== undefined || first.token < token || waited >= contestMilliseconds) {
      return { kind: 'lost', to: holding ?? first };
    }
    await clock.sleep(lookMilliseconds, signal);
  }
}

/** It was renewed, or is older than any that only waits for the lock. */
function isHeld(options: { claim: Claim; own: Claim | undefined }): boolean {
  const { claim, own } = options;
  if (claim.beat > 0) return true;
  if (claim.writtenAt === undefined || own?.writtenAt === undefined) return false;
  return own.writtenAt - claim.writtenAt >= contestMilliseconds;
}
