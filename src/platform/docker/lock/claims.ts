import type { Engine } from '../engine.ts';
import { lockLabels } from '../labels.ts';
import { type Holder, parseHolder } from './holder.ts';

/** What a lock needs from the Engine. */
export type LockEngine = Pick<Engine, 'listVolumes' | 'createVolume' | 'removeVolume'>;

/**
 * A sign of life of an arc that has, or wants, a project's lock: an empty volume whose name no other ever has. So
 * removing it by its name removes that sign of life, and never a later one.
 */
export type Claim = {
  name: string;
  /** The run of arc that it is from. */
  token: string;
  /** Counts the signs of life of that run. */
  beat: number;
  /** Absent if its labels are not what this version of arc writes. */
  holder?: Holder;
  /** By the Engine's clock, in milliseconds since 1970; absent if the Engine does not say. */
  writtenAt?: number;
};

/**
 * The claims for a project's lock. A list that is requested after a claim was written contains the claim, because the
 * Engine answers a call only when it is done.
 */
export async function listClaims(options: {
  engine: LockEngine;
  project: string;
}): Promise<readonly Claim[]> {
  const volumes = await options.engine.listVolumes();
  return volumes
    .filter(({ labels }) => labels[lockLabels.project] === options.project)
    .map(({ name, labels, createdAt }) => {
      const holder = parseHolder(labels[lockLabels.holder]);
      return {
        name,
        token: labels[lockLabels.token] ?? name,
        beat: Number(labels[lockLabels.beat] ?? 0),
        ...(holder === undefined ? {} : { holder }),
        ...(createdAt === undefined ? {} : { writtenAt: Date.parse(createdAt) }),
      };
    });
}

/** The last sign of life of each run, in order of token. */
export function newestClaims(claims: readonly Claim[]): readonly Claim[] {
  const newest = new Map<string, Claim>();
  for (const claim of claims) {
    if (claim.beat >= (newest.get(claim.token)?.beat ?? 0)) newest.set(claim.token, claim);
  }
  return [...newest.values()].toSorted((a, b) => (a.token < b.token ? -1 : 1));
}

export function claimName(options: { project: string; token: string; beat: number }): string {
  return `arc-lock-${options.project}-${options.token}-${options.beat}`;
}

/** Writes a sign of life. */
export async function writeClaim(options: {
  engine: LockEngine;
  project: string;
  token: string;
  beat: number;
  holder: Holder;
}): Promise<void> {
  const { engine, project, token, beat, holder } = options;
  await engine.createVolume({
    name: claimName(options),
    labels: {
      [lockLabels.project]: project,
      [lockLabels.token]: token,
      [lockLabels.beat]: String(beat),
      [lockLabels.holder]: JSON.stringify(holder),
    },
  });
}

/** Removes signs of life; that one has gone already is fine. */
export async function removeClaims(options: { engine: LockEngine; names: Iterable<string> }): Promise<void> {
  await Promise.all(Array.from(options.names, (name) => options.engine.removeVolume({ name })));
}
