import type { Files } from './files.ts';

/** A file that says which records of a segment have been delivered. */
export type Notes = {
  /** Notes the delivery of the record at an offset. */
  add: (offset: number) => Promise<void>;
  close: () => Promise<void>;
};

/** Ten digits and the line's end. Bytes. */
const noteLength = 11;
const wholeNote = /^\d{10}\n$/;

/**
 * Opens the notes of a segment, which may be there. Each note has its place: what a full disk or a killed process left
 * of one is none, and does not shift those that follow.
 */
export async function openNotes(options: { files: Files; name: string }): Promise<Notes> {
  const { length, ...writer } = await options.files.openToAdd(options.name);
  let end = length - (length % noteLength);
  return {
    add: async (offset) => {
      const at = end;
      end += noteLength;
      await writer.write(Buffer.from(`${String(offset).padStart(noteLength - 1, '0')}\n`), at);
    },
    close: writer.close,
  };
}

/** Offsets of the records whose delivery was noted. */
export function offsetsIn(content: Buffer): ReadonlySet<number> {
  const text = content.toString('latin1');
  const places = Array.from({ length: Math.floor(text.length / noteLength) }, (_, place) =>
    text.slice(place * noteLength, (place + 1) * noteLength),
  );
  return new Set(places.filter((note) => wholeNote.test(note)).map(Number));
}
