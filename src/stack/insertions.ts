import { Output, type Template, toValueSync } from 'liquidjs';
import { both, either } from '../manifest/words.ts';
import { bringsQuotes, fittingQuotings, isQuoting } from './quoting.ts';

/** A place where a template inserts a value by its name, with the filters that it goes through. */
export type Insertion = {
  path: readonly string[];
  filters: readonly string[];
  line: number;
  column: number;
  /** The characters around it. */
  before: string;
  after: string;
};

/** Every `{{ name | filter }}` of a template, also in branches that are not taken. */
export function insertionsOf(templates: readonly Template[]): readonly Insertion[] {
  return templates.flatMap((template) => {
    if (template instanceof Output) return insertionOf(template);
    const children = template.children?.(false, true);
    return children === undefined ? [] : insertionsOf(toValueSync(children));
  });
}

function insertionOf({ token, value }: Output): readonly Insertion[] {
  const [named, ...more] = value.initial.postfix;
  if (named === undefined || more.length > 0) return [];
  const path = /^[\w-]+(?:\.[\w-]+)*$/.exec(named.getText().trim())?.[0].split('.');
  if (path === undefined) return [];
  const [line = 1, column = 1] = token.getPosition();
  return [
    {
      path,
      filters: value.filters.map(({ name }) => name),
      line,
      column,
      before: token.input.charAt(token.begin - 1),
      after: token.input.charAt(token.end),
    },
  ];
}

/**
 * Problems of how a value with arbitrary characters enters a file.
 *
 * @param options.file the template, whose name says what is made from it
 */
export function insertionFault(options: {
  insertion: Pick<Insertion, 'path' | 'filters' | 'before' | 'after'>;
  file: string;
}): { message: string; suggestion: string } | undefined {
  const { path, filters, before, after } = options.insertion;
  const name = path.join('.');
  const fitting = fittingQuotings(options.file);
  const used = filters.findLast(isQuoting);
  const [usual = 'yaml'] = fitting;
  if (used === undefined) {
    return {
      message: `\`${name}\` may hold any character, and no filter says how it is written here.`,
      suggestion:
        usual === 'shell'
          ? `put it through the filter for what reads the file: ${either(fitting.map((fit) => `\`{{ ${name} | ${fit} }}\``))}`
          : `write \`{{ ${name} | ${usual} }}\``,
    };
  }
  if (!fitting.includes(used)) {
    return {
      message: `\`${name}\` is written by the filter \`${used}\`, which does not fit into this file.`,
      suggestion: `what fits is ${both(fitting.map((fit) => `\`${fit}\``))}: write \`{{ ${name} | ${usual} }}\``,
    };
  }
  if (!bringsQuotes(used) || !/['"]/.test(before + after)) return undefined;
  return {
    message: `\`${name}\` is between quotes, and the filter \`${used}\` brings its own.`,
    suggestion: 'remove the quotes around it',
  };
}
