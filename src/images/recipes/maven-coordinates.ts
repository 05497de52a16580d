import { posix } from 'node:path';

/** Identifies a file of a Maven repository. */
export type Coordinates = {
  group: string;
  artifact: string;
  version: string;
  /** The end of the file's name: `jar`, `tar.gz`. */
  type: string;
  classifier?: string;
};

/** Reads `group:artifact:version[:type[:classifier]]`, whose form the schema has checked. */
export function parseCoordinates(written: string): Coordinates {
  const [group = '', artifact = '', version = '', type = 'jar', classifier] = written.split(':');
  return { group, artifact, version, type, ...(classifier !== undefined && { classifier }) };
}

/** The same as text; without the type for a jar without a classifier. */
export function formatCoordinates({ group, artifact, version, type, classifier }: Coordinates): string {
  const rest = classifier === undefined ? (type === 'jar' ? [] : [type]) : [type, classifier];
  return [group, artifact, version, ...rest].join(':');
}

/** `h2-2.3.232.jar` */
export function fileNameOf({ artifact, version, type, classifier }: Coordinates): string {
  return `${artifact}-${version}${classifier === undefined ? '' : `-${classifier}`}.${type}`;
}

/** The file's path in a repository: `com/h2database/h2/2.3.232/h2-2.3.232.jar`. */
export function pathOf(coordinates: Coordinates): string {
  const { group, artifact, version } = coordinates;
  return posix.join(...group.split('.'), artifact, version, fileNameOf(coordinates));
}

/** The coordinates of a file by its path in a repository; undefined if it is no artefact, but a note of Maven's. */
export function coordinatesOf(path: string): Coordinates | undefined {
  const parts = path.split('/');
  const [artifact = '', version = '', file = ''] = parts.splice(-3);
  const start = `${artifact}-${version}`;
  if (parts.length === 0 || !file.startsWith(start)) return undefined;
  const [, classifier, type = ''] =
    /^(?:-(.+?))?\.((?:tar\.)?[a-z0-9]+)$/.exec(file.slice(start.length)) ?? [];
  if (type === '') return undefined;
  return { group: parts.join('.'), artifact, version, type, ...(classifier !== undefined && { classifier }) };
}
