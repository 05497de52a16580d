import { ArcError, exitStatus, failed } from '../core/errors.ts';
import { problemsOf } from '../images/missing.ts';
import type { ImageMissing } from '../images/model.ts';
import { asBootable } from '../stack/bootable.ts';
import { withoutImages } from '../stack/flavours.ts';
import type { BootableStack, Stack } from '../stack/model.ts';
import { reduceStack } from '../stack/reduce.ts';
import { chooseFlavours } from './choose-flavours.ts';
import type { Context } from './context.ts';
import { foreseeLost } from './foresee-lost.ts';
import { sayFlavours } from './obtain-images.ts';
import { refuseLeftOut } from './refuse-left-out.ts';
import type { ImageOptions } from './request.ts';
import type { Place } from './session.ts';

/** Images that a boot could not get, and what that means for what is booted. */
export type Choice = {
  /** In another flavour instead. */
  instead: readonly ImageMissing[];
  /** Left out, with `--partial`. */
  without: readonly ImageMissing[];
};

export const everything: Choice = { instead: [], without: [] };

/** A stack whose flavours are chosen, and what else could still run. */
export type ChosenStack = {
  stack: BootableStack;
  /** By image: what arc boots if it cannot get it, in words. A job runs the image of its service. */
  substitutes: ReadonlyMap<string, string>;
};

/**
 * The stack with the flavours that are on the Engine or still possible, without the containers that have no possible
 * flavour.
 */
export async function chosenStack(options: {
  context: Context;
  place: Pick<Place, 'stack' | 'root' | 'connection' | 'manifests' | 'imagesLock'>;
  request: ImageOptions;
  choice: Choice;
}): Promise<ChosenStack> {
  const { context, place, choice } = options;
  const preferred = await chooseFlavours({
    engineImages: place.connection.images,
    stack: place.stack,
    workspace: place.manifests.workspace,
    lock: place.imagesLock,
  });
  const missing = new Set(choice.instead.map(({ reference }) => reference));
  const left = withoutImages({ stack: preferred, missing });
  const chosen = withoutImages({ stack: left, missing: await foreseeLost({ ...options, stack: left }) });
  sayFlavours({ context, before: place.stack, stack: chosen, missing: choice.instead });
  refuseLeftOut({ context, before: place.stack, stack: chosen, missing: choice.instead });
  return {
    stack: withoutAbsent({ context, choice, stack: asBootable(chosen) }),
    substitutes: substitutesOf(chosen),
  };
}

function substitutesOf({ containers }: Stack): ReadonlyMap<string, string> {
  return new Map(
    containers.flatMap(({ role, image, alternatives, absence }) => {
      const next = alternatives?.[0]?.image.reference ?? (absence && `the stack goes without ${role}`);
      return next === undefined ? [] : [[image.reference, next] as const];
    }),
  );
}

function withoutAbsent(options: { context: Context; choice: Choice; stack: BootableStack }): BootableStack {
  const { context, choice } = options;
  const [first] = choice.without;
  if (first === undefined) return options.stack;
  const { stack, gone } = reduceStack({ stack: options.stack, absent: rolesOf(choice.without) });
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
 * Decides how a boot continues if some images are missing: with other flavours if there are any, and with
 * `--partial` without the containers that still have no image.
 *
 * @throws ArcError with every image that cannot be had and has nothing in its place
 */
export function withoutMissing(options: {
  choice: Choice;
  missing: readonly ImageMissing[];
  substitutes: ChosenStack['substitutes'];
  partial: boolean;
}): Choice {
  const { choice, missing, substitutes, partial } = options;
  const instead = missing.filter(({ reference }) => substitutes.has(reference));
  const hopeless = missing.filter(({ reference }) => !substitutes.has(reference));
  if (!partial) giveUp(hopeless);
  return { instead: [...choice.instead, ...instead], without: [...choice.without, ...hopeless] };
}

/** A boot without one of its images is none. */
function giveUp(missing: readonly ImageMissing[]): void {
  const [first, ...rest] = problemsOf(missing);
  if (first === undefined) return;
  const otherwise = first.suggestion === undefined ? '' : `${first.suggestion.replace(/\.$/, '')}; or `;
  const hint = { ...first, suggestion: `${otherwise}add --partial to boot the rest without it` };
  throw new ArcError({ problem: [hint, ...rest], status: exitStatus.failed });
}

function rolesOf(missing: readonly ImageMissing[]): ReadonlySet<string> {
  return new Set(missing.map(({ role }) => role));
}
