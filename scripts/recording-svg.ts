// Draws a recording as an animated SVG: every state of the screen below the one before, as on a film strip that
// jumps from picture to picture. Where nothing moves, its last picture is shown.
import type { Run } from './styled-runs.ts';

/** What the screen looked like from this time on. */
export type Frame = { milliseconds: number; rows: readonly (readonly Run[])[] };

const width = 7.8;
const height = 18;
const margin = 14;
/** How long the last picture stays before it begins again. */
const restMilliseconds = 8_000;

export function drawRecording(options: { title: string; columns: number; frames: readonly Frame[] }): string {
  const { title, columns, frames } = options;
  const count = Math.max(...frames.map(({ rows }) => rows.length));
  const picture = count * height;
  const total = (frames.at(-1)?.milliseconds ?? 0) + restMilliseconds;
  const last = -picture * (frames.length - 1);
  const known = new Map<string, number>();
  const strip = frames.flatMap(({ rows }, index) =>
    rows.flatMap((runs, row) => {
      const text = rowText(runs);
      if (text === '') return [];
      if (!known.has(text)) known.set(text, known.size);
      return [`<use href="#r${known.get(text)}" y="${index * picture + (row + 1) * height - 5}"/>`];
    }),
  );
  const steps = frames.map(
    ({ milliseconds }, index) =>
      `${((100 * milliseconds) / total).toFixed(2)}%{transform:translateY(${-picture * index}px)}`,
  );
  const outer = { width: Math.ceil(columns * width) + 2 * margin, height: picture + 2 * margin };
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${outer.width}" height="${outer.height}" viewBox="0 0 ${outer.width} ${outer.height}" xml:space="preserve" role="img" aria-label="${escapeText(title)}">
<title>${escapeText(title)}</title>
<style>
text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#d0d7de;white-space:pre}
.dim{opacity:.6}.bold{font-weight:bold}.red{fill:#ff7b72}.green{fill:#56d364}.yellow{fill:#e3b341}.blue{fill:#79c0ff}.magenta{fill:#d2a8ff}.cyan{fill:#76e3ea}
.strip{transform:translateY(${last}px);animation:play ${total / 1000}s step-end infinite}
@media (prefers-reduced-motion:reduce){.strip{animation:none}}
@keyframes play{${steps.join('')}}
</style>
<defs>
${[...known].map(([text, id]) => `<g id="r${id}">${text}</g>`).join('\n')}
</defs>
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<svg x="${margin}" y="${margin}" width="${outer.width - 2 * margin}" height="${picture}" overflow="hidden">
<g class="strip">
${strip.join('\n')}
</g>
</svg>
</svg>
`;
}

/** Each run is told how long it is, so that columns are in line whatever the font. */
function rowText(runs: readonly Run[]): string {
  let column = 0;
  return runs
    .map(({ text, style }) => {
      const x = (column * width).toFixed(1);
      column += text.length;
      if (text.trim() === '') return '';
      const length = (text.length * width).toFixed(1);
      const look = style === '' ? '' : ` class="${style}"`;
      return `<text x="${x}" textLength="${length}" lengthAdjust="spacingAndGlyphs"${look}>${escapeText(text)}</text>`;
    })
    .join('');
}

/** The lines of the last picture of a recording that `drawRecording` has drawn. */
export function readLastPicture(svg: string): readonly string[] {
  const rows = new Map(
    Array.from(svg.matchAll(/<g id="r(\d+)">(.*?)<\/g>/g), ([, id = '', row = '']) => [id, textOf(row)]),
  );
  const top = Number(/\.strip\{transform:translateY\(-?(\d+)px\)/.exec(svg)?.[1]);
  return Array.from(svg.matchAll(/<use href="#r(\d+)" y="(\d+)"\/>/g))
    .filter(([, , y]) => Number(y) > top)
    .map(([, id = '']) => rows.get(id) ?? '');
}

/** Runs are where they are by their column; what is between them is blank. */
function textOf(row: string): string {
  let line = '';
  for (const [, x, text = ''] of row.matchAll(/<text x="([\d.]+)"[^>]*>(.*?)<\/text>/g))
    line = line.padEnd(Math.round(Number(x) / width)) + unescapeText(text);
  return line.trimEnd();
}

function unescapeText(text: string): string {
  return text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&amp;', '&');
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
