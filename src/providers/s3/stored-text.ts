import { formatBytes } from '../../core/bytes.ts';
import type { Stored } from './stored.ts';

/** `12 objects, 4 MB`, `1 object and 2 earlier versions, 12 B`. */
export function storedText({ count, earlier, bytes, more }: Stored): string {
  const parts = [
    ...(count > 0 || earlier === 0 ? [`${count} ${count === 1 ? 'object' : 'objects'}`] : []),
    ...(earlier > 0 ? [`${earlier} earlier ${earlier === 1 ? 'version' : 'versions'}`] : []),
  ];
  return `${more ? 'more than ' : ''}${parts.join(' and ')}, ${formatBytes(bytes)}`;
}
