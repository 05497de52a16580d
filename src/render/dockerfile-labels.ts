/**
 * The labels that a generated Dockerfile gives its image. What it leaves to the build, such as the name of the base, is
 * left out. Only for what `dockerfileText` writes, of whatever version of arc: one `LABEL` with double-quoted values.
 */
export function labelsOfDockerfile(text: string): Readonly<Record<string, string>> {
  const instruction = /^LABEL (?:.*\\\n)*.*$/m.exec(text)?.[0] ?? '';
  const labels: Record<string, string> = {};
  for (const [, name = '', quoted = ''] of instruction.matchAll(/([\w.-]+)="((?:[^"\\]|\\.)*)"/g)) {
    // An expansion that is not escaped.
    if (/(?<!\\)\$/.test(quoted)) continue;
    labels[name] = quoted.replace(/\\([\\"$])/g, '$1');
  }
  return labels;
}
