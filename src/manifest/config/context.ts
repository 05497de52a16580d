import type { SourceLocation } from '../../core/errors.ts';
import type { ContainerManifest, JobManifest } from '../model.ts';
import type { DidYouMean } from '../rules/advice.ts';
import type { ReadConfig } from './read.ts';

/** A config file that has been read, with the container that reads it. */
export type CheckedConfig = ReadConfig & {
  file: string;
  container: ContainerManifest | JobManifest | undefined;
  /** Differs from what arc would write. */
  edited: boolean;
};

/** Input of the checks that compare files. */
export type ConfigContext = {
  configs: readonly CheckedConfig[];
  /** Every container by its host name on the network. */
  containers: ReadonlyMap<string, ContainerManifest>;
  didYouMean: DidYouMean;
};

/** Advice about a file that disagrees with another. */
export function correction(config: CheckedConfig): string {
  return config.edited
    ? 'correct it, or let `arc generate` rewrite it'
    : 'correct one of the two; where both come from templates, use the same value in both';
}

/** A place in the words of a message. */
export function at(location: SourceLocation): string {
  return `${location.file}:${location.line}`;
}
