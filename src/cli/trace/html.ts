import { escapeMarkup } from '../output/markup.ts';
import { svgOf } from './svg.ts';
import type { Waterfall, WaterfallRow } from './waterfall.ts';
import { errorText, formatNanoseconds, headline } from './words.ts';

/** A trace as a page of its own, without a script and without anything from elsewhere: the picture, and all that is known of each span. */
export function htmlOf(waterfall: Waterfall): string {
  const title = escapeMarkup(headline(waterfall));
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${title}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    svgOf(waterfall).trimEnd(),
    '<h2>Spans</h2>',
    ...waterfall.rows.map(detailsOf),
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

const style = [
  'body{font:14px system-ui,sans-serif;margin:24px auto;max-width:1000px;padding:0 16px}',
  'body>svg{max-width:100%;height:auto}',
  'summary{cursor:pointer;padding:3px 0}',
  '.error{color:#cf222e}',
  'table{border-collapse:collapse;margin:4px 0 12px 20px}',
  'td{padding:2px 12px 2px 0;vertical-align:top;overflow-wrap:anywhere}',
  'td:first-child{white-space:nowrap;opacity:.7}',
].join('');

function detailsOf(row: WaterfallRow): string {
  const { span, nanoseconds } = row;
  const facts: readonly (readonly [string, string])[] = [
    ['span', span.spanId],
    ['kind', span.kind],
    ...(span.error === undefined ? [] : [['error', errorText(span.error)] as const]),
    ...Object.entries(span.attributes).map(([name, value]) => [name, String(value)] as const),
  ];
  const cells = facts.map(
    ([name, value]) => `<tr><td>${escapeMarkup(name)}</td><td>${escapeMarkup(value)}</td></tr>`,
  );
  const state = span.error === undefined ? '' : ' class="error"';
  const summary = escapeMarkup(`${span.service} ${span.name}, ${formatNanoseconds(nanoseconds)}`);
  return `<details><summary${state}>${summary}</summary><table>${cells.join('')}</table></details>`;
}
