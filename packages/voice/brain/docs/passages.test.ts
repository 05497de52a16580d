import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repository } from '../../../../tests/support/run-arc.ts';
import { passagesOf } from './passages.ts';

const page = `# Releasing

Publish a version of a [service](sql.md), check it (see *below*) with \`ARC_TLS\`, and go back.

## The first release

Print the plan first. This changes nothing:

\`\`\`sh
arc release realtime --dry-run
second line
\`\`\`

- Then run \`arc release realtime\`, which asks
  before it pushes.

| you want to | run |
| --- | --- |
| back up now | \`arc backup sql\` |
`;

it('cuts a page into paragraphs, items and rows, under their headings', () => {
  expect(passagesOf(page)).toEqual([
    {
      page: 'Releasing',
      text: 'Releasing. Publish a version of a service, check it with ARC TLS, and go back.',
      sentences: ['Publish a version of a service, check it with ARC TLS, and go back.'],
    },
    {
      page: 'Releasing',
      text: 'Releasing. The first release. Print the plan first. This changes nothing: arc release realtime --dry-run.',
      sentences: ['Print the plan first.', 'This changes nothing: arc release realtime --dry-run.'],
    },
    {
      page: 'Releasing',
      text: 'Releasing. The first release. Then run arc release realtime, which asks before it pushes.',
      sentences: ['Then run arc release realtime, which asks before it pushes.'],
    },
    {
      page: 'Releasing',
      text: 'Releasing. The first release. back up now: arc backup sql.',
      sentences: ['back up now: arc backup sql.'],
    },
  ]);
});

it('ends a long sentence at a comma that is near enough', () => {
  const words = (count: number) => Array.from({ length: count }, (_, index) => `word${index}`).join(' ');
  const [passage] = passagesOf(`# A\n\n${words(20)}, ${words(10)}, ${words(30)}.`);
  expect(passage?.sentences).toEqual([`${words(20)}, ${words(10)}.`]);
});

it('leaves nothing in our own pages that nobody can say', () => {
  const folder = join(repository, 'docs');
  const names = readdirSync(folder).filter((name) => name.endsWith('.md'));
  const all = names.flatMap((name) => passagesOf(readFileSync(join(folder, name), 'utf8')));
  expect(all.length).toBeGreaterThan(500);
  const sentences = all.flatMap((passage) => passage.sentences);
  expect(sentences.filter((sentence) => /```|\]\(|^\||\*\*|https?:\/\/\w/u.test(sentence))).toEqual([]);
  expect(sentences.filter((sentence) => sentence.split(' ').length > 36)).toEqual([]);
});
