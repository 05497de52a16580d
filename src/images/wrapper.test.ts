import { expect, test } from 'vitest';
import { buildStep, withWrapperLabel } from './wrapper.ts';

test('reads which instruction a build begins, and its first line', () => {
  expect(buildStep('Step 2/6 : USER 65532:65532\n')).toEqual({
    progress: { done: 1, total: 6, unit: 'steps' },
    output: 'USER 65532:65532',
  });
  expect(buildStep('Step 3/6 : RUN mkdir /data &&\n  chown 1 /data')).toMatchObject({
    output: 'RUN mkdir /data &&',
  });
});

test('what is no step of a build is none', () => {
  expect(buildStep(' ---> 5353b29e1c2d\n')).toBeUndefined();
});

test('each stage begins with the name of the wrapper that is built, and keeps its own instructions', () => {
  const image = { reference: 'ghcr.io/a/arc-cache:latest' } as Parameters<
    typeof withWrapperLabel
  >[0]['image'];
  const dockerfile = `ARG BASE_IMAGE=x\n# FROM here\nFROM scratch AS owned\nWORKDIR /a\n\nFROM \${BASE_IMAGE}\nUSER 1\n`;
  const label = 'LABEL arc.image.wrapper="ghcr.io/a/arc-cache:latest"';
  expect(withWrapperLabel({ dockerfile, image })).toBe(
    `ARG BASE_IMAGE=x\n# FROM here\nFROM scratch AS owned\n${label}\nWORKDIR /a\n\nFROM \${BASE_IMAGE}\n${label}\nUSER 1`,
  );
});
