import { parser } from '@prometheus-io/lezer-promql';

/** What an expression asks for, or the place where it is no PromQL. */
export type ReadExpression =
  | { ok: true; metrics: readonly string[]; nameless: readonly string[] }
  | { ok: false; at: number };

/**
 * Parses a PromQL expression with Prometheus' own grammar.
 *
 * @returns the metrics that it names and, as written, the selectors that name none; or the offset of the first error
 */
export function readExpression(expr: string): ReadExpression {
  const metrics: string[] = [];
  const nameless: string[] = [];
  let wrong: number | undefined;
  parser.parse(expr).iterate({
    enter: ({ type, from, to, node }) => {
      if (type.isError) wrong ??= from;
      if (type.name !== 'VectorSelector') return;
      const named =
        node.getChild('Identifier') ?? node.getChild('LabelMatchers')?.getChild('QuotedLabelName');
      const name = named ? expr.slice(named.from, named.to) : matchedName(expr.slice(from, to));
      if (name === undefined) nameless.push(expr.slice(from, to));
      else metrics.push(unquoted(name));
    },
  });
  return wrong === undefined ? { ok: true, metrics, nameless } : { ok: false, at: wrong };
}

/** The value of `__name__="…"`. A pattern is no name: nobody could say which metrics it means. */
function matchedName(selector: string): string | undefined {
  return /__name__\s*=\s*("[^"]*"|'[^']*')/.exec(selector)?.[1];
}

function unquoted(name: string): string {
  return /^["'`]/.test(name) ? name.slice(1, -1) : name;
}
