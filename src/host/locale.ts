/**
 * Whether the terminal is set to a locale that can show more than ASCII; POSIX takes the first of the three
 * variables that is not empty (POSIX.1-2017, 8.2).
 */
export function isUnicode(environment: Readonly<Record<string, string | undefined>>): boolean {
  const locale = environment.LC_ALL || environment.LC_CTYPE || environment.LANG || '';
  // macOS and Windows show UTF-8 whatever the variables say.
  return /utf-?8/i.test(locale) || process.platform === 'darwin' || process.platform === 'win32';
}
