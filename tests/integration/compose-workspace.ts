import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A copy of this repository's services under other names and host ports, so that a stack that runs is left alone. */
export type WorkspaceCopy = { root: string; project: string; network: string; remove: () => void };

const repository = join(import.meta.dirname, '..', '..');

/**
 * Makes the copy in a temporary folder; host ports are 10,000 higher, inside as well where clients are told
 * them. It claims the front door, because arc does not publish TURN's port without it.
 */
export function copyWorkspace(project: string): WorkspaceCopy {
  const root = mkdtempSync(join(tmpdir(), `${project}-`));
  const network = `${project}_net`;
  for (const part of ['services', 'contracts', 'Makefile'])
    cpSync(join(repository, part), join(root, part), { recursive: true });
  const ports = '{ offset: 10000, front_door: true }';
  writeFileSync(join(root, 'arc.yaml'), `project: ${project}\nnetwork: ${network}\nports: ${ports}\n`);
  for (const file of globSync('services/*/service.yaml', { cwd: root })) {
    const path = join(root, file);
    // Names of containers and of images.
    const text = readFileSync(path, 'utf8').replaceAll(/\barc-(?=cache|storage|realtime)/g, `${project}-`);
    writeFileSync(path, text);
  }
  return { root, project, network, remove: () => rmSync(root, { recursive: true, force: true }) };
}
