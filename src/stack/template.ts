import { Liquid, type Template } from 'liquidjs';
import type { Problem, SourceLocation } from '../errors.ts';
import { nearest } from '../nearest.ts';

/** The names that a template may use. They are checked before it is rendered, also in branches that are not taken. */
export type Names = {
  ports: ReadonlySet<string>;
  /** Names of ports by role. */
  containers: ReadonlyMap<string, ReadonlySet<string>>;
  settings: ReadonlySet<string>;
  secrets: ReadonlySet<string> | 'none';
};

/** What a template is rendered with. */
export type Scope = {
  values: Readonly<Record<string, unknown>>;
  names: Names;
  /** Says why a name that may be used has no value. */
  explain: (path: readonly string[]) => string | undefined;
};

/** Where a template's text comes from, for messages. */
export type Origin =
  /** A template file: positions in it are positions in the file. */
  | { kind: 'file'; file: string }
  /** A string in a manifest: `field` says which, `location` is that of its container. */
  | { kind: 'field'; field: string; location: SourceLocation };

export type Renderer = {
  /** The rendered text; empty, with a problem noted, where it cannot be rendered. */
  render: (options: { text: string; origin: Origin; scope: Scope }) => string;
  /** What went wrong so far. */
  problems: readonly Problem[];
};

type Name = { path: readonly string[]; line: number; column: number };
type Parsed = { templates: Template[]; names: readonly Name[] } | { error: LiquidFailure };
type LiquidFailure = { message: string; line: number; column: number; path?: readonly string[] };

const roots = ['project', 'ports', 'host_ports', 'containers', 'settings', 'secrets'];
const containerFields = ['host', 'ports', 'host_ports'];

/**
 * Makes a renderer of Liquid templates. Each distinct text is parsed once; nothing is read from disk
 * (`include` and `render` find nothing).
 */
export function createRenderer(): Renderer {
  let liquid: Liquid | undefined;
  const openLiquid = (): Liquid => {
    liquid ??= newLiquid();
    return liquid;
  };
  const cache = new Map<string, Parsed>();
  const problems: Problem[] = [];

  const parse = (text: string): Parsed => {
    const known = cache.get(text);
    if (known !== undefined) return known;
    const parsed = parseText({ liquid: openLiquid(), text });
    cache.set(text, parsed);
    return parsed;
  };

  return {
    problems,
    render({ text, origin, scope }) {
      const plain = fillNames({ text, scope });
      if (plain !== undefined) return plain;
      const parsed = parse(text);
      if ('error' in parsed) {
        problems.push(
          describe({ code: 'bad-template', text, origin, at: parsed.error, message: parsed.error.message }),
        );
        return '';
      }
      const unknown = parsed.names.flatMap((name) => {
        const problem = checkName({ name, names: scope.names, text, origin });
        return problem === undefined ? [] : [problem];
      });
      problems.push(...unknown);
      if (unknown.length > 0) return '';
      try {
        return String(openLiquid().renderSync(parsed.templates, scope.values));
      } catch (error) {
        const at = failure(error);
        const reason = at.path === undefined ? undefined : scope.explain(at.path);
        const message =
          at.path === undefined
            ? at.message
            : `\`${at.path.join('.')}\` has no value here${reason === undefined ? '' : `: ${reason}`}.`;
        problems.push({
          ...describe({ code: 'template-no-value', text, origin, at, message }),
          ...(at.path === undefined
            ? {}
            : {
                suggestion: `put it between \`{% if ${at.path.slice(0, 2).join('.')} %}\` and \`{% endif %}\``,
              }),
        });
        return '';
      }
    },
  };
}

function newLiquid(): Liquid {
  // With lenientIf, `{% if containers.cache %}` asks whether the cache is part of the stack.
  // Without a locale, Liquid asks for the machine's: that takes time, and files would differ between machines.
  return new Liquid({
    strictVariables: true,
    strictFilters: true,
    lenientIf: true,
    templates: {},
    locale: 'en-US',
    timezoneOffset: 0,
  });
}

/** Of what only names values: text, and `{{ ports.http }}`. */
const namedValue = /(?<!\{)\{\{ *([a-z_]+(?:\.[A-Za-z_][\w-]*)*) *\}\}/g;

/** Liquid gives them a meaning of their own. */
const computedNames: ReadonlySet<string> = new Set(['size', 'first', 'last']);

/**
 * Fills in names as Liquid would. Most texts are no more than that, and Liquid has to parse each of them first.
 *
 * @returns nothing where it takes Liquid: for tags and filters, and to say what is wrong
 */
function fillNames(options: { text: string; scope: Scope }): string | undefined {
  const { text, scope } = options;
  if (!text.includes('{{')) return text.includes('{%') ? undefined : text;
  let isPlain = true;
  const filled = text.replace(namedValue, (_, path: string) => {
    let value: unknown = scope.values;
    if (scope.names.secrets === 'none' && path.startsWith('secrets.')) isPlain = false;
    for (const name of path.split('.')) {
      const isOwn = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
      value = isOwn && !computedNames.has(name) ? (value as Record<string, unknown>)[name] : undefined;
    }
    if (typeof value !== 'string' && typeof value !== 'number') isPlain = false;
    return String(value);
  });
  return isPlain && !hasMarkup(text.replace(namedValue, '')) ? filled : undefined;
}

function hasMarkup(text: string): boolean {
  return text.includes('{{') || text.includes('{%');
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
    return { templates, names };
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

/** A problem where a path leads to nothing that exists. */
function checkName(options: { name: Name; names: Names; text: string; origin: Origin }): Problem | undefined {
  const { name, names, text, origin } = options;
  const [root = '', second, third, fourth] = name.path;
  const unknown = (valid: number, candidates: Iterable<string>): Problem => {
    const path = name.path.slice(0, valid + 1);
    const meant = nearest(path.at(-1) ?? '', candidates);
    return {
      ...describe({
        code: 'template-unknown-name',
        text,
        origin,
        at: name,
        message: `\`${path.join('.')}\` does not exist.`,
      }),
      ...(meant === undefined
        ? {}
        : { suggestion: `did you mean \`${[...path.slice(0, -1), meant].join('.')}\`?` }),
    };
  };
  switch (root) {
    case 'project':
      return undefined;
    case 'ports':
    case 'host_ports':
      return second === undefined || names.ports.has(second) ? undefined : unknown(1, names.ports);
    case 'settings':
      return second === undefined || names.settings.has(second) ? undefined : unknown(1, names.settings);
    case 'secrets':
      if (names.secrets === 'none') return openSecret({ name, text, origin });
      return second === undefined || names.secrets.has(second) ? undefined : unknown(1, names.secrets);
    case 'containers': {
      if (second === undefined) return undefined;
      const ports = names.containers.get(second);
      if (ports === undefined) return unknown(1, names.containers.keys());
      if (third === undefined) return undefined;
      if (!containerFields.includes(third)) return unknown(2, containerFields);
      return third === 'host' || fourth === undefined || ports.has(fourth) ? undefined : unknown(3, ports);
    }
    default:
      return unknown(0, roots);
  }
}

function openSecret(options: { name: Name; text: string; origin: Origin }): Problem {
  const { name, text, origin } = options;
  return {
    ...describe({
      code: 'secret-in-the-open',
      text,
      origin,
      at: name,
      message: `\`${name.path.join('.')}\` cannot be used here, where anybody who can list containers or processes would read it.`,
    }),
    suggestion: 'write it into a file under `config:` and let the program read that',
  };
}

function describe(options: {
  code: string;
  text: string;
  origin: Origin;
  at: { line: number; column: number };
  message: string;
}): Problem {
  const { code, text, origin, at, message } = options;
  switch (origin.kind) {
    case 'file': {
      const excerpt = text.split('\n')[at.line - 1];
      return {
        code,
        message,
        location: {
          file: origin.file,
          line: at.line,
          column: at.column,
          ...(excerpt === undefined ? {} : { excerpt }),
        },
      };
    }
    case 'field':
      return { code, message: `${origin.field}: ${message}`, location: origin.location };
    default:
      return origin satisfies never;
  }
}

/** Liquid's errors carry a position, and the path of a variable without a value, in fields of no public type. */
function failure(error: unknown): LiquidFailure {
  const { token, originalError } = error as {
    token?: { getPosition?: () => [number, number] };
    originalError?: { variableName?: string };
  };
  const [line, column] = token?.getPosition?.() ?? [1, 1];
  // "undefined filter: nof, line:2, col:4": the position is shown by itself.
  const message = (error instanceof Error ? error.message : String(error)).replace(
    /, (file:[^,]*, )?line:\d+, col:\d+$/,
    '',
  );
  const variable = originalError?.variableName;
  return {
    message: `${message}.`,
    line,
    column,
    ...(variable === undefined ? {} : { path: variable.split('.') }),
  };
}
