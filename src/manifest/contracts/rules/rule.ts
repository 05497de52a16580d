import type { Contracts, Message } from '../../../contracts/model.ts';
import type { Problem, SourceLocation } from '../../../core/errors.ts';
import { placeOf } from '../../build/read.ts';
import type { ContractFile } from '../file.ts';

/** All contracts, and the files that they are from. */
export type Given = {
  contracts: Contracts;
  files: readonly ContractFile[];
  /** Of the workspace's manifests. */
  roles: ReadonlySet<string>;
  /** Whether every file could be read: only then is it certain that a name is nowhere. */
  complete: boolean;
};

/** One rule over all contracts: what breaks it, each with its place. */
export type Rule = (given: Given) => readonly Problem[];

/** Place of something within a message: the longest part of the path that is there. */
export function placeIn(
  given: Given,
  message: Message,
  ...path: readonly (string | number)[]
): SourceLocation {
  const file = given.files.find(({ file }) => file === message.location.file);
  return file === undefined ? message.location : placeOf(file.part, 'messages', message.name, ...path);
}

/** The entries that have a key that another one before them has, with that one. */
export function sharing<T>(entries: readonly T[], key: (entry: T) => string | undefined): readonly [T, T][] {
  const first = new Map<string, T>();
  return entries.flatMap((entry): [T, T][] => {
    const own = key(entry);
    if (own === undefined) return [];
    const other = first.get(own);
    if (other === undefined) first.set(own, entry);
    return other === undefined ? [] : [[entry, other]];
  });
}

export function at({ file, line, column }: SourceLocation): string {
  return `${file}:${line}:${column}`;
}
