/**
 * Cuts a stream of bytes into blocks of one size, such as pictures; each is a buffer of its own, for it is handed to another thread.
 *
 * @param options.size bytes of a block
 */
export function blocksOf(options: { size: number; block: (bytes: Buffer) => void }): (bytes: Buffer) => void {
  const { size, block } = options;
  let current = Buffer.allocUnsafeSlow(size);
  let filled = 0;
  return (bytes) => {
    let at = 0;
    while (at < bytes.length) {
      const copied = bytes.copy(current, filled, at);
      at += copied;
      filled += copied;
      if (filled < size) return;
      block(current);
      current = Buffer.allocUnsafeSlow(size);
      filled = 0;
    }
  };
}
