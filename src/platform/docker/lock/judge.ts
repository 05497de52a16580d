import type { Claim } from './claims.ts';
import { isAlive } from './holder.ts';
import { silentMilliseconds } from './times.ts';

export type Judgement = {
  /** In order of token. */
  living: readonly Claim[];
  /** Their machine gave no sign of life for `milliseconds`. */
  silent: readonly { claim: Claim; milliseconds: number }[];
  dead: readonly Claim[];
};

/**
 * Separates live claims from dead ones. If the process can be inspected, that decides. Otherwise a claim is live until
 * it has been silent for too long, and dead only after it was watched too, because the Engine's clock may have jumped.
 *
 * @param options.rivals the last sign of life of each
 * @param options.own whose time is now by the Engine's clock; absent if something has removed it
 * @param options.watched signs of life that were watched, and none came after them
 */
export function judgeAll(options: {
  rivals: readonly Claim[];
  own: Claim | undefined;
  watched: ReadonlySet<string>;
}): Judgement {
  const { rivals, own, watched } = options;
  const living: Claim[] = [];
  const silent: { claim: Claim; milliseconds: number }[] = [];
  const dead: Claim[] = [];
  for (const claim of rivals) {
    const alive = claim.holder === undefined ? true : isAlive(claim.holder);
    const milliseconds = (own?.writtenAt ?? 0) - (claim.writtenAt ?? Number.POSITIVE_INFINITY);
    if (alive === false || (alive === undefined && watched.has(claim.name))) dead.push(claim);
    else if (alive === true || milliseconds <= silentMilliseconds) living.push(claim);
    else silent.push({ claim, milliseconds });
  }
  return { living, silent, dead };
}
