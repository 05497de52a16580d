// How surely questions are understood that were heard wrongly: the stack's voice says each of them, clear and disturbed,
// its ears write it down, and what a brain would make of that is counted at every bound.
//   arc up speech && node scripts/measure/mishearings.ts [http://127.0.0.1:8001] [--write]
// `--write` keeps what was heard, and its likeness in meaning to each skill, in tests/unit/mishearings.json.
import { writeFileSync } from 'node:fs';
import { embedder } from '../../packages/voice/brain/embed.ts';
import { skills } from '../../packages/voice/brain/skills/all.ts';
import { meaningOf, plainOf } from '../../packages/voice/brain/understand.ts';

const url = process.argv.slice(2).find((word) => word.startsWith('http')) ?? 'http://127.0.0.1:8001';
const rate = 16_000;

/** What is asked beside the examples of the skills; what no skill answers; and what only sounds like what skills answer. */
const others: Readonly<Record<string, readonly string[]>> = {
  health: ['How is the stack?'],
  record: ['Record this room, please.'],
  unknown: [
    'What is the weather like today?',
    'Who won the match?',
    'Tell me a joke.',
    'Order a pizza, please.',
    'How old are you?',
    'What is the capital of France?',
    'Play some music.',
    'Turn off the lights.',
    'How do I cook rice?',
    'What did you say?',
    'Call my mother.',
  ],
  alike: [
    'Do you like ruins?',
    'Did you have any dreams?',
    'Which roads are open?',
    'Are any trains running late?',
    'How is the stock market?',
    'How many drums are in a band?',
    'Who is the mayor of the town?',
    'Did you read the report?',
    'What are runes?',
  ],
  rooms: [
    'Do we have any rooms?',
    'I would like to know how many rooms are open.',
    'Are there any rooms open at the moment?',
    'What rooms do you see?',
  ],
  streams: ['How many streams are there?', 'Do you see any streams?', 'Is any stream live?'],
};

/**
 * What was heard in other measurements, with other noise: words that sound like those of the skills, in questions that
 * mean the skill, and in questions about something else.
 */
const heardElsewhere: Readonly<Record<string, readonly string[]>> = {
  rooms: [
    'do we have any runes',
    'do we have any ruins',
    'i would like to know how many brims are open',
    'how many rims are open right now',
    'which runs are open',
    'are there any ruins open at the moment',
  ],
  streams: ['which dreams are live', 'is any steam live', 'how many strains are there'],
  recordings: ['is there a recorder', 'are we being recorder', 'am i being regarded'],
  health: ['how is the stock', 'is the stock healthy', 'are the surfaces up'],
  record: ['report this room', 'start a recoding', 'start a reporting'],
  'stop-recording': ['stop the recorder', 'stop the reporting'],
  alike: [
    'what are runes',
    'what is a dream',
    'do you like ruins',
    'are there any ruins in rome',
    'did you have any dreams',
    'what do my dreams mean',
    'which roads are open',
    'how many trains are there',
    'are any trains running late',
    'how is the stock market',
    'how many drums are in a band',
    'who is the mayor of the town',
    'how big is the town',
    'did you read the report',
    'how do you spell brims',
    'who sings this record',
    'what broke the record',
  ],
};

async function spoken(input: string, speed: number): Promise<Int16Array> {
  const body = JSON.stringify({ input, response_format: 'pcm', rate, speed });
  const answer = await fetch(`${url}/v1/audio/speech`, { method: 'POST', body });
  return new Int16Array(await answer.arrayBuffer());
}

async function heard(samples: Int16Array): Promise<string> {
  const answer = await fetch(`${url}/v1/audio/transcriptions`, {
    method: 'POST',
    headers: { 'content-type': `audio/pcm;rate=${rate}` },
    body: Uint8Array.from(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)),
  });
  const { text } = (await answer.json()) as { text: string };
  return plainOf(text);
}

/** Noise that is `ratio` decibels below the voice. */
function noisy(samples: Int16Array, ratio: number): Int16Array {
  const power = Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);
  const noise = (power / 10 ** (ratio / 20)) * 2;
  const random = () => Math.random() + Math.random() + Math.random() - 1.5;
  return samples.map((value) => Math.max(-32_768, Math.min(32_767, value + noise * random())));
}

/** As on a machine that is too busy: pieces of 20 ms are missing. */
function holed(samples: Int16Array, share: number): Int16Array {
  const left = samples.slice();
  for (let at = 0; at < left.length; at += 320) if (Math.random() < share) left.fill(0, at, at + 320);
  return left;
}

/** What was heard, and its likeness in meaning to each skill. */
async function rowOf(meant: string, said: string): Promise<Row> {
  const [vector] = await embed([said], signal);
  const likeness = Object.fromEntries(
    [...examples].map(([name, vectors]) => {
      const products = vectors.map((known) =>
        known.reduce((sum, value, index) => sum + value * (vector?.[index] ?? 0), 0),
      );
      return [name, Number(Math.max(0, ...products).toFixed(2))];
    }),
  );
  return { meant, heard: said, likeness };
}

type Row = { meant: string; heard: string; likeness: Record<string, number> };
const embed = embedder({ url });
const signal = AbortSignal.timeout(3_600_000);
const examples = new Map<string, readonly Float32Array[]>();
for (const { name, examples: texts } of skills)
  if (texts.length > 0) examples.set(name, await embed(texts, signal));

const rows: Row[] = [];
const questions = [
  ...skills.flatMap(({ name, examples: texts }) => texts.map((text) => [name, text] as const)),
  ...Object.entries(others).flatMap(([name, texts]) => texts.map((text) => [name, text] as const)),
];
for (const [meant, text] of questions) {
  const texts = new Set<string>();
  for (const speed of [1, 1.35]) {
    const clear = await spoken(`${text.charAt(0).toUpperCase()}${text.slice(1)}`, speed);
    const disturbed = [
      ...[6, 0].map((ratio) => noisy(clear, ratio)),
      holed(clear, 0.15),
      ...[clear.slice(0, -1600), clear.slice(1600)],
    ];
    for (const samples of [clear, ...disturbed]) texts.add(await heard(samples));
  }
  for (const said of texts) if (said !== '') rows.push(await rowOf(meant, said));
}
for (const [meant, texts] of Object.entries(heardElsewhere))
  for (const said of texts)
    if (!rows.some(({ heard: known }) => known === said)) rows.push(await rowOf(meant, said));
if (process.argv.includes('--write'))
  writeFileSync(
    'tests/unit/mishearings.json',
    `[\n${rows.map((row) => `  ${JSON.stringify(row)}`).join(',\n')}\n]\n`,
  );

const counts = { right: 0, wrong: 0, back: 0, 'asked back wrongly': 0, refused: 0 };
const unknowns = { taken: 0, back: 0, refused: 0 };
const alikes = { taken: 0, back: 0, refused: 0 };
for (const { meant, heard: plain, likeness } of rows) {
  const meaning = await meaningOf({ plain, skills, likeness: async () => (skill) => likeness[skill.name] });
  const isUnsure = meaning?.certainty === 'unsure';
  if (meant === 'unknown' || meant === 'alike')
    (meant === 'alike' ? alikes : unknowns)[
      meaning === undefined ? 'refused' : isUnsure ? 'back' : 'taken'
    ] += 1;
  else if (meaning === undefined) counts.refused += 1;
  else if (isUnsure) counts[meaning.skill.name === meant ? 'back' : 'asked back wrongly'] += 1;
  else counts[meaning.skill.name === meant ? 'right' : 'wrong'] += 1;
}
process.stdout.write(
  `${JSON.stringify({ 'what skills answer': counts, 'what no skill answers': unknowns, 'what sounds like it': alikes })}\n`,
);
