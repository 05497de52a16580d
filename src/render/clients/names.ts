import type { Message } from '../../contracts/model.ts';

/** `voice-track-published` → `VoiceTrackPublished`; also for names of fields, which have underscores or capitals. */
export function pascalCase(name: string): string {
  return name
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

/** `voice-track-published` → `voiceTrackPublished` */
export function camelCase(name: string): string {
  const pascal = pascalCase(name);
  return pascal.charAt(0).toLowerCase() + pascal.slice(1);
}

/** `voice-track-published` → `VOICE_TRACK_PUBLISHED` */
export function upperCase(name: string): string {
  return name.replaceAll('-', '_').toUpperCase();
}

/** A domain as part of a file's, module's or package's name: letters, digits, and underscores in Python. */
export function moduleName(domain: string): string {
  return domain.replaceAll('-', '_');
}

/** Lines of a description, without line ends at its end. */
export function descriptionLines(description: string | undefined): readonly string[] {
  const text = description?.trim() ?? '';
  return text === '' ? [] : text.split('\n').map((line) => line.trim());
}

/** The messages of one file of contracts, and the file. */
export type ClientModule = { domain: string; source: string; messages: readonly Message[] };
