/** Where in a document a node is: the way from the root, last step first. */
export type Path = { up: Path | undefined; step: string | number } | undefined;

/** The path as a person would say it: `ports[0].container`. */
export function pathText(path: Path): string {
  let said = '';
  for (let at = path; at !== undefined; at = at.up) {
    const step = typeof at.step === 'number' ? `[${at.step}]` : at.step;
    const dot = said === '' || said.startsWith('[') ? '' : '.';
    said = `${step}${dot}${said}`;
  }
  return said;
}

/** The end of the path that names a node within its parent: `container`, or `command[2]`. */
export function lastName(path: Path): string {
  if (path === undefined) return '';
  if (typeof path.step === 'string') return path.step;
  return `${lastName(path.up)}[${path.step}]`;
}
