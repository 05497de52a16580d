import { ArcError, exitStatus, failed } from '../core/errors.ts';
import type { ImageMissing } from '../images/model.ts';
import { withFallbacks } from '../stack/flavours.ts';
import type { ResolvedStack } from '../stack/model.ts';
import { reduceStack } from '../stack/reduce.ts';
import { chooseFlavours } from './choose-flavours.ts';
import type { Context } from './context.ts';
import { sayFlavours } from './obtain-images.ts';
import type { Place } from './session.ts';

/** Images that a boot could not get, and what that means for what is booted. */
export type Choice = {
  /** In their embedded flavour instead. */
  instead: readonly ImageMissing[];
  /** Left out, with `--partial`. */
  without: readonly ImageMissing[];
};

export const everything: Choice = { instead: [], without: [] };

/** The stack in the flavours that are there already or else are left, without what cannot be had in any. */
export async function chosenStack(options: {
  context: Context;
  place: Pick<Place, 'stack' | 'connection' | 'manifests' | 'imagesLock'>;
  choice: Choice;
}): Promise<ResolvedStack> {
  const { context, place, choice } = options;
  const preferred = await chooseFlavours({
    engineImages: place.connection.images,
    stack: place.stack,
    workspace: place.manifests.workspace,
    lock: place.imagesLock,
  });
  const roles = rolesOf(choice.instead);
  const chosen = roles.size === 0 ? preferred : withFallbacks({ stack: preferred, roles });
  sayFlavours({ context, before: place.stack, stack: chosen, missing: choice.instead });
  const [first] = choice.without;
  if (first === undefined) return chosen;
  const { stack, gone } = reduceStack({ stack: chosen, absent: rolesOf(choice.without) });
  if (stack.containers.length === 0) throw failed(first.problem);
  for (const { problem } of choice.without) context.emit({ type: 'warning', problem });
  for (const [role, through] of gone) {
    if (role === through) continue;
    const message = `${role} is left out as well, because it needs ${through}.`;
    context.emit({ type: 'warning', problem: { code: 'left-out', message } });
  }
  return stack;
}

/**
 * How a boot goes on whose images could not all be had: with embedded flavours where there are some, without what
 * is missing with `--partial`.
 *
 * @throws ArcError with every image that cannot be had and has nothing in its place
 */
export function withoutMissing(options: {
  choice: Choice;
  missing: readonly ImageMissing[];
  /** As it was planned. */
  stack: ResolvedStack;
  partial: boolean;
}): Choice {
  const { choice, missing, stack, partial } = options;
  const replaceable = new Set(stack.containers.filter(({ fallback }) => fallback).map(({ role }) => role));
  const instead = missing.filter(({ role }) => replaceable.has(role));
  const hopeless = missing.filter(({ role }) => !replaceable.has(role));
  if (!partial) giveUp(hopeless);
  return { instead: [...choice.instead, ...instead], without: [...choice.without, ...hopeless] };
}

/** A boot without one of its images is none. */
function giveUp(missing: readonly ImageMissing[]): void {
  const [first, ...rest] = missing.map(({ problem }) => problem);
  if (first === undefined) return;
  const otherwise = first.suggestion === undefined ? '' : `${first.suggestion.replace(/\.$/, '')}; or `;
  const hint = { ...first, suggestion: `${otherwise}add --partial to boot the rest without it` };
  throw new ArcError({ problem: [hint, ...rest], status: exitStatus.failed });
}

function rolesOf(missing: readonly ImageMissing[]): ReadonlySet<string> {
  return new Set(missing.map(({ role }) => role));
}
