/** Exit statuses of `arc`, as documented in docs/errors.md. */
export const exitStatus = {
  done: 0,
  failed: 1,
  invalid: 2,
  drift: 3,
  prerequisite: 4,
  interrupted: 130,
} as const;

export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];

/** Where in a file something is wrong. Lines and columns count from 1. */
export type SourceLocation = { file: string; line: number; column: number; excerpt?: string };

/** What a user is shown of a problem, whether it is an error or one finding of many. */
export type Problem = {
  /** Stable, documented in docs/troubleshooting.md; for example `port-in-use`. */
  code: string;
  /** One sentence: what happened. */
  message: string;
  /** Further facts, one line each: the last probe's answer, the log's tail, the attempts made. */
  detail?: readonly string[];
  /** What to do next; a command where there is one. */
  suggestion?: string;
  location?: SourceLocation;
};

/**
 * An error that a user can meet. Everything that arc throws on purpose is one of these;
 * anything else is a bug in arc and is shown as such.
 */
export class ArcError extends Error {
  override readonly name = 'ArcError';
  readonly problems: readonly [Problem, ...Problem[]];
  readonly status: ExitStatus;

  constructor(options: {
    problem: Problem | readonly [Problem, ...Problem[]];
    status: ExitStatus;
    cause?: unknown;
  }) {
    const problems: readonly [Problem, ...Problem[]] = isList(options.problem)
      ? options.problem
      : [options.problem];
    super(problems[0].message, { cause: options.cause });
    this.problems = problems;
    this.status = options.status;
  }

  get code(): string {
    return this.problems[0].code;
  }
}

function isList(
  problem: Problem | readonly [Problem, ...Problem[]],
): problem is readonly [Problem, ...Problem[]] {
  return Array.isArray(problem);
}

/** The request or a manifest is wrong: exit status 2. */
export function invalid(problem: Problem, cause?: unknown): ArcError {
  return new ArcError({ problem, status: exitStatus.invalid, cause });
}

/** The operation failed, or something is unhealthy: exit status 1. */
export function failed(problem: Problem, cause?: unknown): ArcError {
  return new ArcError({ problem, status: exitStatus.failed, cause });
}

/** Something that arc needs is missing (no Engine, no login): exit status 4. */
export function prerequisite(problem: Problem, cause?: unknown): ArcError {
  return new ArcError({ problem, status: exitStatus.prerequisite, cause });
}
