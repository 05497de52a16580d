/** Characters that XML 1.0 has no form for. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is meant
const unspeakable = /[\x00-\x08\x0B\x0C\x0E-\x1F\x7F\uFFFE\uFFFF]/g;

/** A text within SVG and HTML, also within quotes. */
export function escapeMarkup(text: string): string {
  return text
    .toWellFormed()
    .replace(unspeakable, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
