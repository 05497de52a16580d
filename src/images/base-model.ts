import { ArcError } from '../core/errors.ts';
import type { BasePolicy } from '../manifest/model.ts';
import { mirrored, parseReference } from '../registry/reference.ts';
import type { ImagesContext } from './context.ts';
import type { BaseSource } from './model.ts';
import type { FixedStep } from './recipes/fixed-step.ts';
import type { RegistryCheck } from './registry-check.ts';
import type { Route } from './routes.ts';

/** A requested base image, for one or several wrappers. */
export type BaseRequest = {
  /** First of the roles that want it; it is what a person sees. */
  role: string;
  upstream: string;
  policy: BasePolicy;
  recipe: readonly FixedStep[] | undefined;
  /** Digest that images.lock.yaml has for it. */
  locked: string | undefined;
};

/** A base that is on the Engine. */
export type BaseReady = {
  /** Name on the Engine, to build from. */
  name: string;
  id: string;
  source: BaseSource;
  /** The registry's digest. */
  digest?: string;
  /** Hash of the recipe, of a local base. */
  recipe?: string;
};

/** A base as its recipe makes it. */
export type LocalBase = {
  recipe: readonly FixedStep[];
  hash: string;
  /** Name in the cache. */
  key: string;
  /** Name on the Engine. */
  name: string;
};

/** Input for getting a base. */
export type BaseTools = ImagesContext & { check: RegistryCheck; architecture: string };

/** The failure of a route: the first line names the route; the others are the last lines of the failed tool. */
export function attemptLines(options: {
  route: Route;
  upstream: string;
  mirrors: Readonly<Record<string, string>>;
  cause: unknown;
}): readonly string[] {
  const { cause } = options;
  const registry = parseReference(mirrored(options.upstream, options.mirrors)).registry;
  const subject: Record<Route, string> = {
    'present-upstream': 'Engine',
    'present-local': 'Engine',
    pull: `registry ${registry}`,
    'load-cached': 'local recipe, from the cache',
    build: 'local recipe',
  };
  const message = cause instanceof Error ? cause.message : String(cause);
  const problem = cause instanceof ArcError ? cause.problems[0] : undefined;
  return [
    `${subject[options.route]}: ${message}`,
    ...(problem?.detail ?? []).map((line) => `  ${line}`),
    ...(problem?.suggestion ? [`  ${problem.suggestion}`] : []),
  ];
}
