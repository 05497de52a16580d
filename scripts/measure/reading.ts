// Many small files, read one after the other synchronously, and asynchronously all at once:
//   node scripts/measure/reading.ts
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { elapsed, printLine } from './median.ts';

const count = 30_000;
const atOnce = 500;
const folder = mkdtempSync(join(tmpdir(), 'arc-reading-'));
try {
  mkdirSync(join(folder, 'files'));
  const files = Array.from({ length: count }, (_, index) => join(folder, 'files', `${index}.yaml`));
  for (const file of files) writeFileSync(file, `name: ${file}\n`.repeat(20));
  // Once, so that both find the files in the kernel's cache.
  for (const file of files) readFileSync(file);
  printLine(
    elapsed(() => files.forEach((file) => void readFileSync(file))),
    `${count} files, synchronous`,
  );
  const start = performance.now();
  // As many as a process may have open.
  for (let at = 0; at < count; at += atOnce)
    await Promise.all(files.slice(at, at + atOnce).map((file) => readFile(file)));
  printLine(performance.now() - start, `${count} files, asynchronous`);
} finally {
  rmSync(folder, { recursive: true });
}
