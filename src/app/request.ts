import { invalid } from '../core/errors.ts';
import type { BasePolicy } from '../manifest/model.ts';
import type { FlavourChoices } from '../stack/flavours.ts';

/** Flags of every command that works on a selection of the stack. */
export type SelectionOptions = {
  selection: readonly string[];
  without: readonly string[];
  set: readonly string[];
};

/** Flags of every command that may have to bring images to the Engine. */
export type ImageOptions = {
  /** Addresses of things inside servers whose data may be lost: `bucket/old`. */
  lose?: readonly string[];
  bases?: BasePolicy;
  offline?: boolean;
  flavour?: readonly string[];
};

export type BootOptions = SelectionOptions &
  ImageOptions & {
    yes?: boolean;
    /** Wait that many milliseconds until nothing is live in what stops. */
    drain?: number;
    partial?: boolean;
    takeOver?: boolean;
    /** Milliseconds. */
    timeout: number;
  };

/**
 * Splits `['upstream', 'realtime-egress=auto']` into the choice for all containers and those for single containers.
 *
 * @throws ArcError `bad-flag`
 */
export function parseFlavours(flags: readonly string[] = []): FlavourChoices {
  const byRole: Record<string, string> = {};
  let all: string | undefined;
  for (const flag of flags) {
    const at = flag.lastIndexOf('=');
    const name = flag.slice(at + 1);
    if (name === '' || at === 0)
      throw invalid({
        code: 'bad-flag',
        message: `--flavour takes auto or the name of a flavour, or <role>=<one of them>, and got "${flag}".`,
        suggestion: 'for example --flavour upstream, or --flavour realtime-egress=upstream',
      });
    if (at < 0) all = name;
    else byRole[flag.slice(0, at)] = name;
  }
  return { ...(all === undefined ? {} : { all }), byRole };
}

/**
 * `['media=mux']` → `{ media: 'mux' }`.
 *
 * @throws ArcError `bad-flag` if there is no `=`
 */
export function parseAssignments(assignments: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    assignments.map((assignment) => {
      const at = assignment.indexOf('=');
      if (at < 1)
        throw invalid({
          code: 'bad-flag',
          message: `--set takes name=value, and got "${assignment}".`,
          suggestion: 'for example --set media=mux; `arc explain realtime` lists the settings',
        });
      return [assignment.slice(0, at), assignment.slice(at + 1)];
    }),
  );
}
