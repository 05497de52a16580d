import type { DrawnPanel, DrawnSeries, Range } from '../../app/metrics/panels.ts';
import { quantity } from '../output/quantity.ts';
import { boundsOf } from '../output/sparkline.ts';
import { stateRows } from './svg-state.ts';

const panel = { width: 560, height: 260, gap: 24, columns: 2 };
const plot = { left: 64, top: 40, right: 16, bottom: 74 };
/** Told apart also by those who see few colours (Okabe and Ito). */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#7f7f7f'];
const longestLegend = 4;

type Frame = { x: (at: number) => number; y: (value: number) => number };

/** All panels as one picture. A line is broken where its series has no value. */
export function panelsSvg(options: { panels: readonly DrawnPanel[]; range: Range }): string {
  const { panels, range } = options;
  const rows = Math.max(1, Math.ceil(panels.length / panel.columns));
  const width = panel.columns * (panel.width + panel.gap) + panel.gap;
  const height = rows * (panel.height + panel.gap) + panel.gap;
  const drawn = panels.map((one, index) => {
    const left = panel.gap + (index % panel.columns) * (panel.width + panel.gap);
    const top = panel.gap + Math.floor(index / panel.columns) * (panel.height + panel.gap);
    return `<g transform="translate(${left} ${top})">${panelSvg({ panel: one, range })}</g>`;
  });
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...drawn,
    '</svg>',
  ].join('\n')}\n`;
}

function panelSvg(options: { panel: DrawnPanel; range: Range }): string {
  const { panel: drawn, range } = options;
  const { title, unit, series, target } = drawn;
  const aim = target?.below ?? target?.above;
  const found = boundsOf(series);
  const high = Math.max(found?.high ?? 0, aim ?? 0) || 1;
  const low = Math.min(found?.low ?? 0, 0);
  const inner = {
    width: panel.width - plot.left - plot.right,
    height: panel.height - plot.top - plot.bottom,
  };
  const heading = `<text x="0" y="18" font-size="15" font-weight="600" fill="#1a1a1a">${xmlText(title)}</text>`;
  if (unit === 'state' && found !== undefined) {
    const area = { left: 0, top: plot.top, width: panel.width, height: panel.height - plot.top };
    return heading + stateRows({ series, range, area, xmlText });
  }
  const frame: Frame = {
    x: (at) => plot.left + ((at - range.from) / Math.max(1, range.to - range.from)) * inner.width,
    y: (value) => plot.top + (1 - (value - low) / (high - low)) * inner.height,
  };
  return [
    heading,
    ...[low, (low + high) / 2, high].map((value) => gridLine(value, frame, quantity(value, unit))),
    ...timeLabels(range, frame),
    ...(aim === undefined ? [] : [targetLine(aim, frame)]),
    ...series.map((one, index) => lineOf({ series: one, range, frame, colour: colourOf(index) })),
    ...(found === undefined
      ? [noValue()]
      : series.slice(0, longestLegend).map((one, index) => legend(one, index, drawn))),
  ].join('');
}

function colourOf(index: number): string {
  return colours[index % colours.length] ?? '#000000';
}

function gridLine(value: number, { y }: Frame, label: string): string {
  const at = round(y(value));
  return `<line x1="${plot.left}" x2="${panel.width - plot.right}" y1="${at}" y2="${at}" stroke="#dddddd"/><text x="${plot.left - 8}" y="${at + 4}" text-anchor="end" fill="#555555">${xmlText(label)}</text>`;
}

function targetLine(value: number, { y }: Frame): string {
  const at = round(y(value));
  return `<line x1="${plot.left}" x2="${panel.width - plot.right}" y1="${at}" y2="${at}" stroke="#b00020" stroke-dasharray="6 4"/>`;
}

function timeLabels({ from, to }: Range, { x }: Frame): readonly string[] {
  const y = panel.height - plot.bottom + 18;
  return [from, (from + to) / 2, to].map((at, index) => {
    const anchor = ['start', 'middle', 'end'][index] ?? 'middle';
    const time = new Date(at * 1000).toISOString().slice(11, 16);
    return `<text x="${round(x(at))}" y="${y}" text-anchor="${anchor}" fill="#555555">${time} UTC</text>`;
  });
}

/** One stroke for each stretch without a gap; a point alone is a dot. */
function lineOf(options: { series: DrawnSeries; range: Range; frame: Frame; colour: string }): string {
  const { series, range, frame, colour } = options;
  return stretchesOf(series.points, range.step)
    .map((stretch) => {
      const points = stretch.map(({ at, value }) => `${round(frame.x(at))},${round(frame.y(value))}`);
      const [first = '0,0'] = points;
      const [x, y] = first.split(',');
      return points.length === 1
        ? `<circle cx="${x}" cy="${y}" r="2" fill="${colour}"/>`
        : `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="1.5"/>`;
    })
    .join('');
}

/** @param step seconds between two points that have none missing between them */
export function stretchesOf(
  points: DrawnSeries['points'],
  step: number,
): readonly (readonly { at: number; value: number }[])[] {
  const stretches: { at: number; value: number }[][] = [];
  let before: number | undefined;
  for (const point of points) {
    if (!Number.isFinite(point.value)) continue;
    const current = stretches.at(-1);
    if (current === undefined || before === undefined || point.at - before > step * 1.5)
      stretches.push([point]);
    else current.push(point);
    before = point.at;
  }
  return stretches;
}

function legend({ name, points }: DrawnSeries, index: number, { unit }: DrawnPanel): string {
  const x = plot.left + (index % 2) * 240;
  const y = panel.height - plot.bottom + 38 + Math.floor(index / 2) * 18;
  const last = points.at(-1);
  const said = last === undefined ? '' : `: ${quantity(last.value, unit)}`;
  const shown = name.length > 28 ? `${name.slice(0, 27)}…` : name;
  return `<rect x="${x}" y="${y - 9}" width="10" height="10" fill="${colourOf(index)}"/><text x="${x + 16}" y="${y}" fill="#1a1a1a"><title>${xmlText(name)}</title>${xmlText(shown + said)}</text>`;
}

function noValue(): string {
  return `<text x="${panel.width / 2}" y="${panel.height / 2}" text-anchor="middle" fill="#555555">no value in this time</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function xmlText(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
}
