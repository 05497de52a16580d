import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Chalk } from 'chalk';
import { type FoundTrace, findTrace, lastTrace, listTraces } from '../../app/traces/find-traces.ts';
import { exitStatus, failed, invalid } from '../../core/errors.ts';
import type { Span } from '../../core/spans/span.ts';
import type { Cli, Handler } from '../cli.ts';
import { htmlOf } from './html.ts';
import { formatTraces } from './list.ts';
import { svgOf } from './svg.ts';
import { formatWaterfall } from './terminal.ts';
import { layOut } from './waterfall.ts';

type TraceOptions = {
  id?: string;
  list?: boolean;
  last?: string;
  service?: string;
  /** Milliseconds. */
  since: number;
  count: number;
  svg?: string;
  html?: string;
};

/** One trace as a waterfall, or which there are. */
export const showTrace: Handler<TraceOptions> = async (options, cli) => {
  const { id, last, since } = options;
  refuseContradictions(options);
  const now = Date.now();
  if (id !== undefined) await showOne(await findTrace({ context: cli, id }), options, cli);
  else if (last !== undefined)
    await showOne(await lastTrace({ context: cli, service: last, since, now }), options, cli);
  else {
    const traces = await listTraces({ context: cli, ...options, service: options.service, now });
    cli.result({
      data: { traces: traces.map(summary) },
      text: () => formatTraces({ traces, columns: cli.columns }),
    });
  }
  return exitStatus.done;
};

function refuseContradictions(options: TraceOptions): void {
  const { id, list, last, service, svg, html } = options;
  const ways = [
    ...(id === undefined ? [] : ['an id']),
    ...(last === undefined ? [] : ['--last']),
    ...(list === true ? ['--list'] : []),
  ];
  const [way] = ways;
  if (ways.length > 1) throw usage(`${ways.join(' and ')} exclude each other.`);
  const listing = way === undefined || way === '--list';
  if (listing && (svg !== undefined || html !== undefined))
    throw usage('--svg and --html show one trace.', 'name it, or add `--last boot`');
  if (!listing && service !== undefined) throw usage('--service is for --list.');
}

function usage(message: string, suggestion = '`arc trace --help` shows the flags') {
  return invalid({ code: 'usage', message, suggestion });
}

async function showOne(found: FoundTrace, options: TraceOptions, cli: Cli): Promise<void> {
  const waterfall = layOut(found);
  const wanted = [
    ...(options.svg === undefined ? [] : [{ file: options.svg, draw: svgOf }]),
    ...(options.html === undefined ? [] : [{ file: options.html, draw: htmlOf }]),
  ];
  for (const { file, draw } of wanted) await write({ file: resolve(cli.cwd, file), text: draw(waterfall) });
  const files = wanted.map(({ file }) => file);
  const chalk = new Chalk(cli.colour ? {} : { level: 0 });
  cli.result({
    data: {
      traces: [summary(found)],
      files,
      steps: found.spans.map((span) => spanData(span, waterfall.start)),
    },
    text: () =>
      [
        formatWaterfall({ waterfall, columns: cli.columns, chalk }),
        ...files.map((file) => `Written to ${file}.`),
      ].join('\n\n'),
  });
}

async function write({ file, text }: { file: string; text: string }): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (cause) {
    const { message } = cause as Error;
    throw failed({ code: 'cannot-write', message: `${file} could not be written: ${message}.` }, cause);
  }
}

function summary(found: FoundTrace) {
  const { traceId, name, service, start, nanoseconds, rows, failed } = layOut(found);
  return {
    ...{ trace: traceId, name, service },
    began: new Date(Number(start / 1_000_000n)).toISOString(),
    milliseconds: milliseconds(nanoseconds),
    ...{ spans: rows.length, failed },
  };
}

function spanData(span: Span, start: bigint) {
  return {
    ...{ span: span.spanId, parent: span.parentId ?? null, service: span.service, name: span.name },
    afterMilliseconds: milliseconds(span.start - start),
    milliseconds: milliseconds(span.end - span.start),
    error: span.error ?? null,
    attributes: span.attributes,
  };
}

function milliseconds(nanoseconds: bigint): number {
  return Number(nanoseconds) / 1_000_000;
}
