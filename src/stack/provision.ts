import { createHash } from 'node:crypto';
import type { Fields } from '../core/data.ts';
import { invalid, type SourceLocation } from '../core/errors.ts';
import type { ProvisionManifest } from '../manifest/model-provision.ts';
import { type Renders, renderData } from './render-data.ts';

/** Something to be made inside a container's server, with every text rendered. */
export type ResolvedProvision = {
  /** Name of its schema in schemas/provision/, which its fields satisfy: `s3.bucket`. */
  kind: string;
  name: string;
  /** Sizes in bytes, durations in seconds; a text that a secret is in is a `Secret`. */
  fields: Fields;
  /** The files that it names, in order; none of them is a template. */
  files: readonly ProvisionFile[];
  location: SourceLocation;
};

/** A file as it is on disk, byte for byte. */
export type ProvisionFile = {
  /** Relative to the service's folder: `migrations/0001-agents.sql`. */
  path: string;
  content: Uint8Array;
  /** Hash of the content, in hex: compared with a server's mark. */
  sha256: string;
};

/**
 * Something that a service provisions, with its texts rendered and its files read.
 *
 * @param options.folder of the service, relative to the workspace
 * @param options.contents files by path, text where they are text in UTF-8
 * @throws ArcError `missing-file`
 */
export function resolveProvision(
  options: {
    provision: ProvisionManifest;
    folder: string;
    contents: ReadonlyMap<string, string | Uint8Array>;
  } & Renders,
): ResolvedProvision {
  const { provision, folder, contents, ...renders } = options;
  const { kind, location } = provision;
  return {
    kind,
    name: renders.open('name', provision.name),
    fields: renderData({ fields: provision.fields, ...renders }),
    files: provision.files.map((file) => readFile({ file, folder, contents, location })),
    location,
  };
}

function readFile(options: {
  file: string;
  folder: string;
  contents: ReadonlyMap<string, string | Uint8Array>;
  location: SourceLocation;
}): ProvisionFile {
  const { file, folder, contents, location } = options;
  const found = contents.get(file);
  if (found === undefined) {
    throw invalid({ code: 'missing-file', message: `The file ${file} does not exist.`, location });
  }
  const content = typeof found === 'string' ? Buffer.from(found) : found;
  return {
    path: file.slice(folder.length + 1),
    content,
    sha256: createHash('sha256').update(content).digest('hex'),
  };
}
