import { expect, test } from 'vitest';
import { buildStep, withWrapperLabel } from './wrapper.ts';

test('a step of a build is one short line, however long its instruction', () => {
  expect(buildStep('Step 2/6 : USER 65532:65532\n')).toBe('step 2 of 6, USER 65532:65532');
  const labels = Array.from({ length: 6 }, (_, index) => `arc.label.${index}="${'a'.repeat(64)}"`);
  const line = buildStep(`Step 6/6 : LABEL ${labels.join(' ')}`);
  expect(line).toBe(`step 6 of 6, LABEL arc.label.0="${'a'.repeat(40)}…`);
  expect(buildStep('Step 3/6 : RUN mkdir /data &&\n  chown 1 /data')).toBe('step 3 of 6, RUN mkdir /data &&');
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
