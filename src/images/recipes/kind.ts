import { join, posix } from 'node:path';

/** A processor architecture by the name that Docker, Go and Debian have in common. */
export type Architecture = string;

/** Input of a step. */
export type StepContext = {
  /** An empty folder of the step's own, removed when the base is done. */
  work: string;
  architecture: Architecture;
  environment: Readonly<Record<string, string | undefined>>;
  /** Shows what is being done right now, in a few words. */
  update: (detail: string) => void;
  signal: AbortSignal;
};

/**
 * Files for a base's root file system: a folder, whose files then belong to root and lose their times, or a tar
 * archive, taken as it is.
 */
export type Contribution = { kind: 'folder'; path: string } | { kind: 'tar'; file: string };

/** One kind of recipe step. Later contributions are laid over earlier ones. */
export type RecipeKind<Step> = {
  /** Names the step in a few words. */
  describe: (step: Step) => string;
  /**
   * Makes the step's files.
   *
   * @throws ArcError `missing-tool` (exit status 4) or `recipe-step-failed` (1) with the tool's last lines
   */
  contribute: (step: Step, context: StepContext) => Promise<readonly Contribution[]>;
};

/** A path of the base below `root`; `..` does not lead out of it. */
export function pathIn(root: string, path: string): string {
  return join(root, posix.resolve('/', path));
}
