import type { StageName, VoiceTurn } from '../../../providers/voice.ts';
import { escapeMarkup } from '../../output/markup.ts';

/** What each part is, for people. */
const words: Readonly<Record<StageName, string>> = {
  transport: 'way in and out, and its detection',
  endpointing: 'silence waited for',
  hearing: 'hearing that took longer',
  thinking: 'thinking',
  speaking: 'first sound of the voice',
};

type Bar = { label: string; from: number; milliseconds: number };

/** The parts one after the other: where each begins, and how long it is. */
function barsOf({ stages = [] }: VoiceTurn): readonly Bar[] {
  let from = 0;
  return stages.map(({ name, milliseconds }) => {
    const bar = { label: words[name], from, milliseconds };
    from += milliseconds;
    return bar;
  });
}

const barWidth = 40;
const labelWidth = 34;

/** A turn as lines for a terminal. */
export function waterfallText(turn: VoiceTurn): string {
  const bars = barsOf(turn);
  const lines = bars.map(({ label, from, milliseconds }) => {
    const begin = Math.round((from / turn.milliseconds) * barWidth);
    const end = Math.round(((from + milliseconds) / turn.milliseconds) * barWidth);
    const bar = `${' '.repeat(begin)}${'█'.repeat(end - begin)}`.padEnd(barWidth);
    return `  ${label.padEnd(labelWidth)} ${bar} ${`${milliseconds} ms`.padStart(8)}`;
  });
  return [
    `asked     ${turn.question}`,
    ...(turn.heard === undefined ? [] : [`heard     ${turn.heard}`]),
    `answered  ${turn.answer}`,
    `after     ${turn.milliseconds} ms, from the end of the question to the first sound of the answer`,
    ...(lines.length === 0 ? ['the agent does not tell its part, so there is no waterfall'] : ['', ...lines]),
  ].join('\n');
}

// Measures in pixels.
const picture = { width: 720, row: 24, head: 64, margin: 16, labels: 240, times: 70 };

/** The same as a picture of its own; light or dark as its reader prefers. */
export function waterfallSvg(turn: VoiceTurn): string {
  const { width, row, head, margin, labels, times } = picture;
  const bars = barsOf(turn);
  const height = head + bars.length * row + margin;
  const room = width - labels - times - 2 * margin;
  const scale = (milliseconds: number) => Math.round((milliseconds / turn.milliseconds) * room * 10) / 10;
  const title = escapeMarkup(`${turn.question} – ${turn.milliseconds} ms`);
  const rows = bars.map(({ label, from, milliseconds }, index) => {
    const y = head + index * row;
    return [
      `<text x="${margin}" y="${y + 15}">${escapeMarkup(label)}</text>`,
      `<rect class="bar" x="${margin + labels + scale(from)}" y="${y + 4}" width="${Math.max(1, scale(milliseconds))}" height="${row - 8}" rx="2"/>`,
      `<text class="end" x="${width - margin}" y="${y + 15}">${milliseconds} ms</text>`,
    ].join('');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${title}">`,
    `<style>${style}</style>`,
    `<rect class="page" width="${width}" height="${height}"/>`,
    `<text class="title" x="${margin}" y="28">${title}</text>`,
    `<text class="quiet" x="${margin}" y="48">from the end of the question to the first sound of the answer</text>`,
    ...rows,
    '</svg>',
    '',
  ].join('\n');
}

const style = [
  'svg{font:12px system-ui,sans-serif}.page{fill:#fff}text{fill:#1f2328}.title{font-size:16px;font-weight:600}',
  '.quiet{fill:#59636e}.end{text-anchor:end}.bar{fill:#0969da}',
  '@media(prefers-color-scheme:dark){.page{fill:#0d1117}text{fill:#f0f6fc}.quiet{fill:#9198a1}.bar{fill:#4493f8}}',
].join('');
