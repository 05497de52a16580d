import { expect, it } from 'vitest';
import { anchorOf } from '../../scripts/docs-schema.ts';
import { localBuilder } from '../../src/release/supply/builder.ts';
import { buildType } from '../../src/release/supply/statement.ts';
import { readPage } from '../support/documents.ts';

it.each([buildType, localBuilder])(
  '%s, which provenance names for good, leads to its description',
  (address) => {
    const { text } = readPage('docs/verifying.md');
    const headings = Array.from(text.matchAll(/^#+ (.+)$/gm), ([, heading = '']) => anchorOf(heading));
    const [page, anchor] = address.split('#');
    expect(page).toBe('https://github.com/arc-framework/arc/blob/main/docs/verifying.md');
    expect(headings).toContain(anchor);
  },
);
