import { collector } from './collector.ts';
import { debian } from './debian.ts';
import { documentation } from './documentation.ts';
import type { FixedStep } from './fixed-step.ts';
import { go } from './go.ts';
import { goModule } from './go-module.ts';
import type { Contribution, RecipeKind, StepContext } from './kind.ts';
import { maven } from './maven.ts';
import { npm } from './npm.ts';
import { pypi } from './pypi.ts';
import { python } from './python.ts';

type Kinds = { [K in FixedStep['kind']]: RecipeKind<Extract<FixedStep, { kind: K }>> };

/** A new kind is a file in this folder, a line here, and an entry in the manifest's schema. */
const kinds: Kinds = {
  go,
  'go-module': goModule,
  collector,
  debian,
  npm,
  python,
  pypi,
  maven,
  documentation,
};

/** Carries out one step. */
export function contribute(step: FixedStep, context: StepContext): Promise<readonly Contribution[]> {
  const kind: RecipeKind<never> = kinds[step.kind];
  return kind.contribute(step as never, context);
}

/** One line that names a step: `Go program github.com/minio/mc@v1`. */
export function describeStep(step: FixedStep): string {
  const kind: RecipeKind<never> = kinds[step.kind];
  return kind.describe(step as never);
}
