import type { Problem } from '../../core/errors.ts';
import { type Draft, isUnknown } from '../draft.ts';
import type { DependencyManifest } from '../model.ts';
import { quote } from '../words.ts';

/** Checks for missing dependencies and for cycles. */
export function checkDependencies(draft: Draft): readonly Problem[] {
  return [
    ...findUnknown(draft),
    ...findContradictions(draft),
    ...findUselessUses(draft),
    ...findUselessRecoveries(draft),
    ...findCycles(draft),
  ];
}

/** A dependency with `when_present` may be absent anyway, so it cannot be optional, and its absence loses nothing. */
function findContradictions(draft: Draft): readonly Problem[] {
  return draft.runnables.flatMap(({ manifest }) =>
    manifest.depends_on
      .filter(({ when_present, optional, without }) => when_present && (optional || without !== undefined))
      .map(({ role, optional, location }) => ({
        code: 'contradicting-dependency',
        message: `${manifest.name} depends on ${role} with when_present and ${optional ? 'optional' : 'without'}, which exclude each other.`,
        suggestion:
          'keep `optional` and `without` for what belongs to the stack, `when_present` for what it can do without',
        location,
      })),
  );
}

/** What nothing waits for brings nothing along, and nothing has to recover from it. */
function findUselessUses(draft: Draft): readonly Problem[] {
  return draft.runnables.flatMap(({ manifest }) =>
    manifest.depends_on.flatMap(({ role, to, when_present, hold_seconds, restart, location }) => {
      if (to !== 'use') return [];
      const said = `${manifest.name} depends on ${role} with \`to: use\``;
      if (!when_present)
        return [
          {
            code: 'contradicting-dependency',
            message: `${said} and without when_present, so a stack would have what nothing in it waits for.`,
            suggestion: 'add `when_present: true`, or choose `to: ready`',
            location,
          },
        ];
      return hold_seconds === undefined && !restart
        ? []
        : [
            {
              code: 'useless-recovery',
              message: `${said} and ${restart ? 'restart' : 'hold'}, but it never waits for it.`,
              suggestion: 'leave it out, or choose `to: ready`',
              location,
            },
          ];
    }),
  );
}

/** A cycle is made of edges that somebody waits for. */
const waits = ({ to }: DependencyManifest): boolean => to !== 'use';

/** `hold` and `restart` are about a process that goes on while another one is started again. */
function findUselessRecoveries(draft: Draft): readonly Problem[] {
  return draft.runnables.flatMap(({ kind, manifest }) =>
    manifest.depends_on.flatMap(({ role, hold_seconds, restart, location }) => {
      if (hold_seconds === undefined && !restart) return [];
      const problem = (message: string, suggestion: string) => [
        { code: 'useless-recovery', message, suggestion, location },
      ];
      const fields = [...(hold_seconds === undefined ? [] : ['hold']), ...(restart ? ['restart'] : [])];
      const said = `${manifest.name} depends on ${role} with ${fields.join(' and ')}`;
      if (kind === 'job') return problem(`${said}, but it is a job, which runs once.`, 'leave it out');
      if (draft.byRole.get(role)?.kind === 'job')
        return problem(`${said}, but ${role} is a job, whose end nothing has to notice.`, 'leave it out');
      return fields.length === 2
        ? problem(`${said}, but a container that is restarted has nothing to hold.`, 'choose one of them')
        : [];
    }),
  );
}

function findUnknown(draft: Draft): readonly Problem[] {
  return draft.runnables.flatMap(({ manifest }) =>
    manifest.depends_on
      .filter(({ role }) => isUnknown(draft, role))
      .map(({ role, location }) => ({
        code: 'unknown-dependency',
        message: `${manifest.name} depends on ${quote(role)}, but no service, sidecar or job has that role.`,
        ...draft.didYouMean(role, () => draft.byRole.keys()),
        location,
      })),
  );
}

/**
 * One problem a cycle, with the cycle as a path. A depth-first walk that keeps its own stack: a chain of
 * dependencies may be as long as there are services.
 */
function findCycles(draft: Draft): readonly Problem[] {
  const problems: Problem[] = [];
  const finished = new Set<string>();
  const reported = new Set<string>();
  for (const root of draft.byRole.keys()) {
    if (finished.has(root)) continue;
    const stack: { role: string; edges: Iterator<DependencyManifest> }[] = [];
    const onStack = new Map<string, number>();
    const enter = (role: string) => {
      onStack.set(role, stack.length);
      stack.push({ role, edges: (draft.byRole.get(role)?.manifest.depends_on ?? []).filter(waits).values() });
    };
    enter(root);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const edge = top.edges.next();
      if (edge.done === true) {
        finished.add(top.role);
        onStack.delete(top.role);
        stack.pop();
        continue;
      }
      const { role, location } = edge.value;
      const start = onStack.get(role);
      if (start !== undefined) {
        const path = stack.slice(start).map((step) => step.role);
        // Crossing cycles share their members; one path through each knot is enough to untie it.
        if (path.some((step) => reported.has(step))) continue;
        for (const step of path) reported.add(step);
        problems.push({
          code: 'dependency-cycle',
          message: `Containers wait for each other, so none could start: ${arrows([...path, role])}.`,
          suggestion: 'remove one of these dependencies',
          location,
        });
      } else if (!finished.has(role) && draft.byRole.has(role)) {
        enter(role);
      }
    }
  }
  return problems;
}

/** `a → b → a`; of a very long way only both ends. */
export function arrows(path: readonly string[]): string {
  const shown = path.length > 24 ? [...path.slice(0, 12), '…', ...path.slice(-11)] : path;
  return shown.join(' → ');
}
