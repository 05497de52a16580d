import type { StepNews } from '../../core/report-step.ts';

/** One line of `--progress rawjson`: BuildKit's SolveStatus (buildkit, client/graph.go); what arc uses of it. */
type SolveStatus = {
  vertexes?: readonly {
    digest: string;
    name: string;
    started?: string;
    completed?: string;
    error?: string;
  }[];
  statuses?: readonly { vertex: string; id: string; current?: number; total?: number }[];
  /** `data` is in base64. */
  logs?: readonly { vertex: string; data: string }[];
};

/** A failed step: its image if known, and its message. */
export type FailedStep = { role: string | undefined; step: string; error: string; log: readonly string[] };

export type BakeProgress = {
  /** Takes the next line that buildx writes. */
  read: (line: string) => void;
  /** The first step that failed by itself; others are cancelled then. */
  failure: () => FailedStep | undefined;
  /** Steps that have begun and not ended. */
  pending: () => readonly string[];
  /** buildx's last lines that are not JSON. */
  said: () => readonly string[];
};

/** As many of a failed step's or program's last lines as are shown. */
const tailLines = 10;

/**
 * Follows a build of several images.
 *
 * @param options.onNews told what is being done for an image
 */
export function bakeProgress(options: {
  roles: readonly string[];
  onNews: (role: string, news: StepNews) => void;
}): BakeProgress {
  const { roles, onNews } = options;
  const steps = new Map<string, { role: string | undefined; name: string; log: string[] }>();
  const running = new Map<string, string>();
  const said: string[] = [];
  let failure: FailedStep | undefined;

  const report = (role: string | undefined, step: string, progress?: StepNews['progress']): void => {
    // Before it begins with images, bake reads its own file.
    if (role === undefined) return;
    const output = step.replace(/sha256:([0-9a-f]{12})[0-9a-f]{52}/g, '$1');
    onNews(role, { output, ...(progress && { progress }) });
  };
  const take = ({ vertexes = [], statuses = [], logs = [] }: SolveStatus): void => {
    for (const { digest, name, started, completed, error } of vertexes) {
      const step = steps.get(digest) ?? { ...splitName({ name, roles }), log: [] };
      steps.set(digest, step);
      if (started !== undefined) report(step.role, step.name);
      if (completed !== undefined) running.delete(digest);
      else if (started !== undefined) running.set(digest, name);
      if (error !== undefined && !error.includes('context canceled'))
        failure ??= { role: step.role, step: step.name, error, log: step.log };
    }
    for (const { vertex, data } of logs) {
      const lines = Buffer.from(data, 'base64').toString('utf8').split('\n');
      for (const line of lines) keep(steps.get(vertex)?.log, line);
    }
    for (const { vertex, id, current = 0, total = 0 } of statuses) {
      const progress = total > 0 ? ({ done: current, total, unit: 'bytes' } as const) : undefined;
      report(steps.get(vertex)?.role, id, progress);
    }
  };
  return {
    read: (line) => {
      const status = parse(line);
      if (status) take(status);
      else keep(said, line.replace(/^ERROR: /, ''));
    },
    failure: () => failure,
    pending: () => [...running.values()],
    said: () => said,
  };
}

function keep(lines: string[] | undefined, line: string): void {
  if (lines === undefined || line.trim() === '') return;
  lines.push(line.trimEnd());
  if (lines.length > tailLines) lines.shift();
}

function parse(line: string): SolveStatus | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as SolveStatus;
  } catch {
    return undefined;
  }
}

/**
 * `[cache linux/amd64 1/2] COPY …` is a step of the image cache. Where there is one image only, buildx does not name
 * it; and nothing names an image in what is done once for all, such as reading the bake file.
 */
function splitName(options: { name: string; roles: readonly string[] }): {
  role: string | undefined;
  name: string;
} {
  const { name, roles } = options;
  const [only, ...others] = roles;
  if (others.length === 0) return { role: only, name };
  const role = roles.find(
    (candidate) => name.startsWith(`[${candidate} `) || name.startsWith(`[${candidate}]`),
  );
  if (role === undefined) return { role, name };
  const rest = name.slice(role.length + 1).trimStart();
  return { role, name: rest.startsWith(']') ? rest.slice(1).trim() : `[${rest}` };
}
