import type { TurnFigures } from './worker/news.ts';

/** Seconds; the wait for an answer, and each of its parts, is between the first and the last. */
const bounds = [0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10] as const;

/** What is counted of all turns of a worker. Names are those of the platform's design. */
export function turnMeasures(): { add: (figures: TurnFigures) => void; text: () => readonly string[] } {
  let turns = 0;
  const all = {
    e2e: histogram('agent_e2e_latency_seconds', 'From the end of speech to the first sound of its answer.'),
    stt: histogram('agent_stt_latency_seconds', 'From the end of speech to its text.'),
    tts: histogram('agent_tts_latency_seconds', 'From a text to the first sound of it.'),
  };
  return {
    add: (figures) => {
      turns += 1;
      for (const name of ['e2e', 'stt', 'tts'] as const) {
        const seconds = figures[name];
        if (seconds !== undefined) all[name].observe(Math.max(0, seconds));
      }
    },
    text: () => [
      '# HELP agent_conversation_turns_total Turns that were answered.',
      '# TYPE agent_conversation_turns_total counter',
      `agent_conversation_turns_total ${turns}`,
      ...Object.values(all).flatMap(({ text }) => text()),
    ],
  };
}

/** A histogram in Prometheus' text format. */
function histogram(
  name: string,
  help: string,
): { observe: (value: number) => void; text: () => readonly string[] } {
  const counts = bounds.map(() => 0);
  let sum = 0;
  let count = 0;
  return {
    observe: (value) => {
      for (const [index, bound] of bounds.entries())
        counts[index] = (counts[index] ?? 0) + (value <= bound ? 1 : 0);
      sum += value;
      count += 1;
    },
    text: () => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} histogram`,
      ...bounds.map((bound, index) => `${name}_bucket{le="${bound}"} ${counts[index]}`),
      `${name}_bucket{le="+Inf"} ${count}`,
      `${name}_sum ${sum}`,
      `${name}_count ${count}`,
    ],
  };
}
