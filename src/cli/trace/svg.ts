import { escapeMarkup } from '../output/markup.ts';
import type { Waterfall, WaterfallRow } from './waterfall.ts';
import { errorText, formatMoment, formatNanoseconds, headline, labelOf } from './words.ts';

// Measures in pixels.
const width = 1000;
const labels = 380;
const times = 70;
const rowHeight = 22;
const head = 74;
const margin = 16;
const indent = 14;
/** Of the font at 12 pixels, on the safe side. */
const letter = 6.7;
const bars = width - labels - times - 2 * margin;

/** A trace as a picture of its own, for documents and for a browser; light or dark as its reader prefers. */
export function svgOf(waterfall: Waterfall): string {
  const height = head + waterfall.rows.length * rowHeight + margin;
  const title = escapeMarkup(headline(waterfall));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${title}">`,
    `<style>${style}</style>`,
    `<rect class="page" width="${width}" height="${height}"/>`,
    `<text class="title" x="${margin}" y="28">${title}</text>`,
    `<text class="quiet" x="${margin}" y="48">${formatMoment(waterfall.start)}, trace ${waterfall.traceId}</text>`,
    ...axis(waterfall, height),
    ...waterfall.rows.map(rowOf),
    '</svg>',
    '',
  ].join('\n');
}

const style = [
  'svg{font:12px system-ui,sans-serif}',
  '.page{fill:#fff}',
  'text{fill:#1f2328}',
  '.title{font-size:16px;font-weight:600}',
  '.quiet{fill:#59636e}',
  '.end{text-anchor:end}',
  '.middle{text-anchor:middle}',
  '.line{stroke:#d1d9e0}',
  '.bar{fill:#0969da}',
  '.failed{fill:#cf222e}',
  '@media(prefers-color-scheme:dark){.page{fill:#0d1117}text{fill:#f0f6fc}.quiet{fill:#9198a1}.line{stroke:#3d444d}.bar{fill:#4493f8}.failed{fill:#f85149}}',
].join('');

/** Lines at the quarters of the time. */
function axis({ nanoseconds }: Waterfall, height: number): readonly string[] {
  return [0n, 1n, 2n, 3n, 4n].flatMap((quarter) => {
    const x = round(margin + labels + (bars * Number(quarter)) / 4);
    const place = quarter === 0n ? '' : quarter === 4n ? ' end' : ' middle';
    const text = quarter === 0n ? '0' : formatNanoseconds((nanoseconds * quarter) / 4n);
    return [
      `<line class="line" x1="${x}" x2="${x}" y1="${head - 4}" y2="${height - margin}"/>`,
      `<text class="quiet${place}" x="${x}" y="${head - 9}">${text}</text>`,
    ];
  });
}

function rowOf(row: WaterfallRow, index: number): string {
  const { span, depth, from, to, nanoseconds } = row;
  const y = head + index * rowHeight;
  const x = margin + Math.min(depth * indent, labels / 2);
  const room = Math.floor((margin + labels - x) / letter) - 1;
  const state = span.error === undefined ? '' : ' failed';
  const begin = round(margin + labels + from * bars);
  const size = round(Math.max(1.5, (to - from) * bars));
  return [
    '<g>',
    `<title>${escapeMarkup(tooltip(row))}</title>`,
    `<text class="name${state}" x="${round(x)}" y="${y + 15}">${escapeMarkup(shorten(labelOf(row), room))}</text>`,
    `<rect class="bar${state}" x="${begin}" y="${y + 4}" width="${size}" height="${rowHeight - 8}" rx="2"/>`,
    `<text class="end" x="${width - margin}" y="${y + 15}">${formatNanoseconds(nanoseconds)}</text>`,
    '</g>',
  ].join('');
}

function tooltip({ span, nanoseconds }: WaterfallRow): string {
  return [
    `${span.service} ${span.name}, ${formatNanoseconds(nanoseconds)}`,
    ...(span.error === undefined ? [] : [errorText(span.error)]),
    ...Object.entries(span.attributes).map(([name, value]) => `${name}: ${value}`),
  ].join('\n');
}

function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, Math.max(1, most - 1))}…`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
