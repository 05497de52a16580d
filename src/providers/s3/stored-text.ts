import { formatBytes } from '../../core/bytes.ts';
import type { Stored } from './bucket/model.ts';

/** `12 objects, 4 MB`. */
export function storedText({ count, bytes, more }: Stored): string {
  const objects = `${count} ${count === 1 ? 'object' : 'objects'}`;
  return `${more ? 'more than ' : ''}${objects}, ${formatBytes(bytes)}`;
}
