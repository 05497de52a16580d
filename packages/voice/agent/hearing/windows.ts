/** Cuts a stream of samples into pieces of one size; what is left waits for more. */
export function windowsOf(size: number): (samples: Int16Array) => readonly Int16Array[] {
  let rest = new Int16Array(0);
  return (samples) => {
    const all = joined([rest, samples]);
    const count = Math.floor(all.length / size);
    rest = all.slice(count * size);
    return Array.from({ length: count }, (_, index) => all.slice(index * size, (index + 1) * size));
  };
}

/** Pieces one after the other. */
export function joined(pieces: readonly Int16Array[]): Int16Array<ArrayBuffer> {
  const all = new Int16Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
