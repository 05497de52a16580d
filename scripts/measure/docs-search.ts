// How well questions find their page in the documentation, and how sure nothing is found where no page answers:
//   arc up speech && node scripts/measure/docs-search.ts [http://127.0.0.1:8001]
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { docsSearch } from '../../packages/voice/brain/docs/search.ts';
import { embedder } from '../../packages/voice/brain/embed.ts';

const url = process.argv.slice(2).find((word) => word.startsWith('http')) ?? 'http://127.0.0.1:8001';

/** Questions, and a word of the title of a page that answers them. */
const answered: Readonly<Record<string, string>> = {
  'How do I release an image?': 'releas',
  'How do I go back to an older version?': 'roll|releas',
  'How do I back up the database?': 'back',
  'How do I restore the database to yesterday?': 'back',
  'How can I verify the signature of an image?': 'verif',
  'How do I add a service?': 'service',
  'How do I look at the logs of a service?': 'log',
  'How do I use TLS at the gateway?': 'gateway',
  'How do I record a room?': 'record|talk',
  'How do I download a recording?': 'record',
  'How can I use my own language model?': 'talk',
  'How do I make you forget me?': 'talk',
  'How do I boot a stack on a remote machine?': 'another machine',
  'How can I run two stacks on one machine?': 'two',
  'How do I see the traces of a request?': 'trac',
  'How do I write an alert?': 'metric',
  'How do I build images without a registry?': 'registry|image',
  'How do I rotate the secrets?': 'secur',
  'How do I add a bucket?': 'bucket',
  'How do I receive webhooks?': 'webhook',
};

const unanswered = [
  'How do I cook rice?',
  'How do I get to the airport?',
  'How can I lose weight?',
  'How do I tie a tie?',
  'How to write a love letter?',
  'How do I train a puppy?',
  'How do I win at chess?',
  'How can I learn to swim?',
  'How do we get married in France?',
  'How do I change a tyre?',
  'How do I invest my money?',
  'How should I water my plants?',
  'How can I fall asleep?',
  'How do I bake bread?',
  'How do I grow tomatoes?',
  'How do I play the guitar?',
  'How do I paint a wall?',
  'How do you make coffee?',
  'How do I apply for a passport?',
  'How can I get rid of a cold?',
];

const folder = mkdtempSync(join(tmpdir(), 'arc-docs-search-'));
try {
  const manifest = readFileSync('services/brain/service.yaml', 'utf8');
  const [, list = ''] = /\n {4}pages:\n((?: {6}- \S+\n)+)/u.exec(manifest) ?? [];
  const pages = join(folder, 'pages');
  await mkdir(pages);
  for (const [, name = ''] of list.matchAll(/- (\S+)/gu))
    await cp(join('docs', `${name}.md`), join(pages, `${name}.md`));
  const docs = docsSearch({
    ...{ pages, folder: join(folder, 'vectors'), embed: embedder({ url }), pause },
    log: (fields) => process.stderr.write(`${JSON.stringify(fields)}\n`),
  });
  const began = performance.now();
  await docs.prepare();
  process.stdout.write(`vectors after ${Math.round(performance.now() - began)} ms\n`);
  for (const question of [...Object.keys(answered), ...unanswered]) {
    const found = await docs.search(question, AbortSignal.timeout(10_000));
    const page = answered[question];
    const text =
      found.kind === 'found' ? `${found.likeness.toFixed(2)} ${found.page}: ${found.sentence}` : found.kind;
    const isRight =
      page === undefined
        ? found.kind === 'nothing'
        : found.kind === 'found' && new RegExp(page, 'iu').test(found.page);
    process.stdout.write(`${isRight ? ' ' : '!'} ${question} -> ${text}\n`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
