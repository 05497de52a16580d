import type { Attributes } from './span.ts';
import type { Spans, Work } from './spans.ts';

/** As much of a client of `pg` as is needed: its many forms of `query` stay as they are. */
type Client = { query: unknown; host?: string; port?: number; database?: string | undefined };

/**
 * Makes each query of a client a span: what was asked without its values, of which database, and how it failed. Names
 * are those of OpenTelemetry's conventions of databases (semantic conventions 1.43, "Database client spans").
 *
 * @param options.client a client of `pg`; each of a pool's, as its event `connect` gives it
 */
export function observeQueries(options: { client: Client; spans: Spans }): void {
  const { client, spans } = options;
  const query = client.query as (...given: unknown[]) => unknown;
  client.query = (...given: unknown[]): unknown => {
    const text = textOf(given[0]);
    // A query object of its own kind, such as a cursor, is not asked here alone.
    if (text === undefined) return query.apply(client, given);
    const work = spans.begin({ name: summaryOf(text), kind: 'client', attributes: describe(client, text) });
    const callback = given.at(-1);
    if (typeof callback === 'function') {
      const answer = (failure: unknown, ...rest: unknown[]): unknown => {
        finish(work, failure);
        return callback(failure, ...rest);
      };
      return query.apply(client, [...given.slice(0, -1), answer]);
    }
    const asked = query.apply(client, given) as Promise<unknown>;
    asked.then(
      () => finish(work, undefined),
      (failure: unknown) => finish(work, failure),
    );
    return asked;
  };
}

function finish(work: Work, failure: unknown): void {
  if (failure) {
    // The words of a refusal may hold values, such as a key that is there already. Its code says which one it was.
    const { code } = failure as { code?: unknown };
    const known = typeof code === 'string' ? code : 'unknown';
    work.fail(Object.assign(new Error(`the database answered ${known}`), { code: known }));
    work.set({ 'db.response.status_code': known });
  }
  work.end();
}

function describe(client: Client, text: string): Attributes {
  const { host, port, database } = client;
  return {
    'db.system.name': 'postgresql',
    'db.operation.name': operationOf(text),
    'db.query.summary': summaryOf(text),
    'db.query.text': withoutValues(text),
    ...(database === undefined ? {} : { 'db.namespace': database }),
    ...(host === undefined ? {} : { 'server.address': host }),
    ...(port === undefined ? {} : { 'server.port': port }),
  };
}

function textOf(query: unknown): string | undefined {
  if (typeof query === 'string') return query;
  const { text, submit } = (query ?? {}) as { text?: unknown; submit?: unknown };
  return typeof text === 'string' && submit === undefined ? text : undefined;
}

/** What was asked and of what, with few different values: `SELECT privacy.key_of_user`. */
export function summaryOf(text: string): string {
  const [, target] =
    /\b(?:FROM|INTO|UPDATE|TABLE|DATABASE)\s+(?:ONLY\s+|IF\s+(?:NOT\s+)?EXISTS\s+)?("?\w+"?(?:\."?\w+"?)*)/i.exec(
      withoutValues(text),
    ) ??
    /^\s*SELECT\s+("?\w+"?(?:\."?\w+"?)*)\s*\(/i.exec(text) ??
    [];
  return target === undefined ? operationOf(text) : `${operationOf(text)} ${target}`;
}

function operationOf(text: string): string {
  return (/^\s*(\w+)/.exec(text)?.[1] ?? 'query').toUpperCase();
}

/** Texts and numbers in a query become `?`: they may be somebody's. At most 1,000 characters. */
function withoutValues(text: string): string {
  return text
    .replace(/\bE'(?:[^'\\]|\\.|'')*'/gis, '?')
    .replace(/'(?:[^']|'')*'/g, '?')
    .replace(/\$(\w*)\$.*?\$\1\$/gs, '?')
    .replace(/(?<![\w$".])\d+(?:\.\d+)?\b/g, '?')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 1_000);
}
