import { type Booted, type BootRequest, boot } from './boot.ts';

/** Boots what is selected and waits until it is healthy; what is right already is left alone. */
export function up(options: Pick<BootRequest, 'context' | 'request' | 'show'>): Promise<Booted> {
  return boot({ ...options, command: 'up' });
}
