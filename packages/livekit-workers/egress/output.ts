import type { EgressInfo } from '@livekit/protocol';
import type { NameParts } from './file-name.ts';
import type { Container, Failure } from './recording.ts';
import type { Note } from './scratch.ts';

/** A recording that has begun. `at`: nanoseconds since 1970. `container` of the one file, if there is one. */
export type Begun = { parts: NameParts; at: bigint; container?: Container };

/** What the API shows of one of what an egress makes. */
export type Shown = {
  /** Writes what there is of it into what the API shows. */
  show: (info: EgressInfo) => void;
  /** The old place of the result, for an egress that makes nothing else. */
  showAlone: (info: EgressInfo) => void;
};

export function showAll(info: EgressInfo, outputs: readonly Shown[]): void {
  for (const output of outputs) output.show(info);
  if (outputs.length === 1) outputs[0]?.showAlone(info);
}

/** One of what an egress makes of a recording. */
export type Output = Shown & {
  begin: (begun: Begun) => void;
  /** The recording is over, and was so long. Seconds. */
  end: (seconds: number) => void;
  /** Brings what there is to where it belongs. @returns what is wrong, if anything */
  deliver: () => Promise<Failure | undefined>;
  /** What another start of the worker needs to finish it. */
  note: () => Partial<Note>;
};
