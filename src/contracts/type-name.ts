/** `voice-track-published` → `VoiceTrackPublished`, `user_id` → `UserId` */
export function typeName(name: string): string {
  return name.replaceAll(/(?:^|[-_])([A-Za-z0-9])/g, (_, first: string) => first.toUpperCase());
}
