import type { Liquid, Template } from 'liquidjs';
import type { Problem } from '../core/errors.ts';
import { checkInsertion, fillNames } from './fill-names.ts';
import { type Insertion, insertionsOf } from './insertions.ts';
import { newLiquid } from './liquid.ts';
import { failure, type LiquidFailure } from './liquid-failure.ts';
import { describe, type Origin } from './origin.ts';
import type { Scope } from './scope.ts';
import { checkName, type Name } from './template-names.ts';

export type Renderer = {
  /** The rendered text; empty, with a problem noted, where it cannot be rendered. */
  render: (options: { text: string; origin: Origin; scope: Scope }) => string;
  /** The problems so far. */
  problems: readonly Problem[];
};

type Parsed =
  | { templates: Template[]; names: readonly Name[]; insertions: readonly Insertion[] }
  | { error: LiquidFailure };

let opened: Liquid | undefined;

function openLiquid(): Liquid {
  opened ??= newLiquid();
  return opened;
}

/** What each text is when it is parsed. A command resolves the same files for several stacks. */
const parsedTexts = new Map<string, Parsed>();

function parse(text: string): Parsed {
  const known = parsedTexts.get(text);
  if (known !== undefined) return known;
  const parsed = parseText({ liquid: openLiquid(), text });
  parsedTexts.set(text, parsed);
  return parsed;
}

/**
 * Makes a renderer of Liquid templates. Each distinct text is parsed once a process; nothing is read from disk
 * (`include` and `render` find nothing).
 */
export function createRenderer(): Renderer {
  const problems: Problem[] = [];

  return {
    problems,
    render({ text, origin, scope }) {
      const plain = fillNames({ text, origin, scope });
      if (plain !== undefined) return plain;
      const parsed = parse(text);
      if ('error' in parsed) {
        problems.push(describe({ ...parsed.error, text, origin, at: parsed.error }));
        return '';
      }
      const unknown = parsed.names.flatMap((name) => {
        const problem = checkName({ name, names: scope.names, text, origin });
        return problem === undefined ? [] : [problem];
      });
      const unquoted = parsed.insertions.flatMap((insertion) => {
        const fault = checkInsertion({ insertion, scope, origin });
        return fault === undefined
          ? []
          : [describe({ code: 'unquoted-value', ...fault, text, origin, at: insertion })];
      });
      problems.push(...unknown, ...unquoted);
      if (unknown.length > 0 || unquoted.length > 0) return '';
      try {
        return String(openLiquid().renderSync(parsed.templates, scope.values));
      } catch (error) {
        const at = failure(error);
        problems.push(describe({ ...at, ...(at.path && withoutValue(at.path, scope)), text, origin, at }));
        return '';
      }
    },
  };
}

function withoutValue(path: readonly string[], scope: Scope) {
  const reason = scope.explain(path);
  return {
    code: 'template-no-value',
    message: `\`${path.join('.')}\` has no value here${reason === undefined ? '' : `: ${reason}`}.`,
    suggestion: `put it between \`{% if ${path.slice(0, 2).join('.')} %}\` and \`{% endif %}\``,
  };
}

function parseText(options: { liquid: Liquid; text: string }): Parsed {
  try {
    const templates = options.liquid.parse(options.text);
    const { globals } = options.liquid.analyzeSync(templates);
    const names = Object.values(globals).flatMap((variables) =>
      variables.map((variable) => ({
        // A path ends where it is computed: `ports[x]` is checked as `ports`, and `x` by itself.
        path: takeWhileText(variable.segments),
        line: variable.location.row,
        column: variable.location.col,
      })),
    );
    return { templates, names, insertions: insertionsOf(templates) };
  } catch (error) {
    return { error: failure(error) };
  }
}

function takeWhileText(segments: readonly unknown[]): string[] {
  const path: string[] = [];
  for (const segment of segments) {
    if (typeof segment !== 'string') break;
    path.push(segment);
  }
  return path;
}
