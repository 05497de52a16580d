/** Paths of the files in a folder, at any depth. */
export function filesBelow(files: ReadonlyMap<string, unknown>, folder: string): readonly string[] {
  return [...files.keys()].filter((path) => path.startsWith(`${folder}/`));
}
