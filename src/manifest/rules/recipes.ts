import type { Problem } from '../../core/errors.ts';
import { placeOf } from '../build/read.ts';
import type { Draft } from '../draft.ts';
import type { RecipeStep } from '../model-recipe.ts';
import { formsOf } from './ports.ts';

/** Recipe steps that add nothing to the base, or contradict themselves. */
export function checkRecipes(draft: Draft): readonly Problem[] {
  return formsOf(draft).flatMap((part) =>
    (part.manifest.recipe ?? []).flatMap((step, index): Problem[] => {
      const fault = faultOf(step);
      if (fault === undefined) return [];
      const { at, ...problem } = fault;
      const path = at === undefined ? [index] : [index, at];
      return [{ code: 'recipe-step', ...problem, location: placeOf(part, 'recipe', ...path) }];
    }),
  );
}

function faultOf(step: RecipeStep): { message: string; suggestion: string; at?: string } | undefined {
  if (step.kind === 'pypi' && step.files === undefined && Object.keys(step.programs).length === 0) {
    return {
      message: 'The pypi step takes nothing out of its wheel.',
      suggestion: 'name `programs`, or `files` for other files and whole folders',
    };
  }
  if (step.kind !== 'maven') return undefined;
  if (step.target === undefined && step.files === undefined) {
    return {
      message: 'The maven step does not say where its artefacts go.',
      suggestion: 'give a folder as `target`, or unpack them with `files`',
    };
  }
  if (step.target !== undefined && step.files !== undefined) {
    return {
      message: 'The maven step both copies its artefacts and unpacks them.',
      suggestion: 'keep `target` or `files`; two steps can do both',
      at: 'files',
    };
  }
  if (step.lock !== undefined && step.files !== undefined) {
    return {
      message: 'The maven step unpacks archives and copies no dependencies, so `lock` has no effect.',
      suggestion: 'remove `lock`',
      at: 'lock',
    };
  }
  return undefined;
}
