import type { ResolvedSetting } from '../stack/model.ts';

// A generated compose file leaves a setting open (`${LIVEKIT_NODE_IP:-127.0.0.1}`), while every other `$` in it is
// escaped. While text is rendered, an open setting is therefore marked by characters that no text has.

const start = '\u{E000}';
const end = '\u{E001}';

/**
 * Marks a setting that whoever runs Compose can still choose. One with a list of values cannot be: it decides
 * which ports and lines there are, which is rendered.
 */
export function markOpen(_name: string, setting: ResolvedSetting): string | undefined {
  return isOpen(setting) ? `${start}${setting.env}:-${setting.value}${end}` : undefined;
}

/** True for a setting that generated compose files take from the environment. */
export function isOpen(setting: ResolvedSetting): boolean {
  return setting.env !== undefined && setting.values === undefined;
}

/** Text as Compose reads it: `$` doubled, and open settings as variables with a default. */
export function composeText(text: string): string {
  return text.replaceAll('$', '$$$$').replaceAll(start, '${').replaceAll(end, '}');
}
