/**
 * Reads the labels that a generated Dockerfile gives its image, except those that the build sets, such as the name of
 * the base. It works only for the output of `dockerfileText`, of any version of arc: one `LABEL` with double-quoted
 * values.
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
