import type { RecipeStep } from '../../manifest/model.ts';
import { debian } from './debian.ts';
import { go } from './go.ts';
import type { Contribution, RecipeKind, StepContext } from './kind.ts';

type Kinds = { [K in RecipeStep['kind']]: RecipeKind<Extract<RecipeStep, { kind: K }>> };

/** A new kind is a file in this folder, a line here, and an entry in the manifest's schema. */
const kinds: Kinds = { debian, go };

/** Carries out one step. */
export function contribute(step: RecipeStep, context: StepContext): Promise<readonly Contribution[]> {
  const kind: RecipeKind<never> = kinds[step.kind];
  return kind.contribute(step as never, context);
}

/** One line that names a step: `Go program github.com/minio/mc@v1`. */
export function describeStep(step: RecipeStep): string {
  const kind: RecipeKind<never> = kinds[step.kind];
  return kind.describe(step as never);
}
