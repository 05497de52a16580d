import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A copy of this repository's services under other names and host ports, so that a stack that runs is left alone. */
export type WorkspaceCopy = { root: string; project: string; network: string; remove: () => void };

const repository = join(import.meta.dirname, '..', '..');

/** Makes the copy in a temporary folder; host ports are 10,000 higher. */
export function copyWorkspace(project: string): WorkspaceCopy {
  const root = mkdtempSync(join(tmpdir(), `${project}-`));
  const network = `${project}_net`;
  for (const part of ['services', 'Makefile'])
    cpSync(join(repository, part), join(root, part), { recursive: true });
  writeFileSync(join(root, 'arc.yaml'), `project: ${project}\nnetwork: ${network}\n`);
  for (const file of globSync('services/*/service.yaml', { cwd: root })) {
    const path = join(root, file);
    const text = readFileSync(path, 'utf8')
      // Names of containers and of images.
      .replaceAll(/\barc-(?=cache|storage|realtime)/g, `${project}-`)
      .replaceAll(
        /^( +)container: (\d+)(?:-(\d+))?$/gm,
        (line, indent: string, ...ports: (string | undefined)[]) =>
          `${line}\n${indent}host: ${ports
            .slice(0, 2)
            .flatMap((port) => (port === undefined ? [] : [Number(port) + 10_000]))
            .join('-')}`,
      );
    writeFileSync(path, text);
  }
  return { root, project, network, remove: () => rmSync(root, { recursive: true, force: true }) };
}
