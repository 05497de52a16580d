import { parseAssignments, type SelectionOptions } from '../../app/request.ts';
import { exitStatus } from '../../core/errors.ts';
import type { Stack } from '../../stack/model.ts';
import { loadStack, loadWorkspace } from '../../workspace/load.ts';
import type { Handler } from '../cli.ts';

type Format = 'text' | 'mermaid' | 'dot' | 'json';

/** The dependency graph of a selection, for people or for a drawing program. */
export const showGraph: Handler<SelectionOptions & { format: Format }> = async (options, cli) => {
  const stack = await loadStack({
    workspace: await loadWorkspace({ cwd: cli.cwd }),
    request: {
      selection: options.selection,
      without: options.without,
      settings: parseAssignments(options.set),
    },
    environment: cli.environment,
  });
  cli.result({ data: asData(stack), text: () => draw[options.format](stack), isForPrograms: true });
  return exitStatus.done;
};

const draw: Record<Format, (stack: Stack) => string> = {
  text: (stack) =>
    [
      ...stack.layers.map((layer, index) => `layer ${index + 1}  ${layer.join(', ')}`),
      `critical path  ${stack.criticalPath.join(' → ')}`,
      ...stack.refused.map(({ role, problem }) => `refused  ${role}: ${problem.message}`),
    ].join('\n'),
  mermaid: (stack) =>
    [
      'graph TD',
      ...stack.containers.map(({ role, name, codename }) => `  ${id(role)}["${name}<br/>${codename}"]`),
      ...edges(stack).map(({ from, to, condition }) => `  ${id(from)} -->|${condition}| ${id(to)}`),
    ].join('\n'),
  dot: (stack) =>
    [
      'digraph stack {',
      '  rankdir=BT;',
      ...stack.containers.map(({ role, name }) => `  "${role}" [label="${name}"];`),
      ...edges(stack).map(({ from, to, condition }) => `  "${from}" -> "${to}" [label="${condition}"];`),
      '}',
    ].join('\n'),
  json: (stack) => JSON.stringify(asData(stack), null, 2),
};

function asData(stack: Stack): object {
  return {
    containers: stack.containers.map(({ role, name, kind, service }) => ({ role, name, kind, service })),
    edges: edges(stack),
    layers: stack.layers,
    criticalPath: stack.criticalPath,
    refused: stack.refused,
  };
}

function edges(stack: Stack): { from: string; to: string; condition: string }[] {
  return stack.containers.flatMap(({ role, dependsOn }) =>
    dependsOn.map((dependency) => ({ from: role, to: dependency.role, condition: dependency.condition })),
  );
}

/** Mermaid takes no hyphen in an identifier that could also be an arrow. */
function id(role: string): string {
  return role.replaceAll('-', '_');
}
