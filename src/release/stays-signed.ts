import type { Attached, ReleaseRequest, ToolState } from './model.ts';

/**
 * Whether an image that is kept needs no further signature: it is signed with everything that is attached to it, and
 * nothing will be attached. An SBOM that an earlier run has left out, for there was no syft, has to be signed too.
 */
export function staysSigned(options: {
  attached: Attached;
  platforms: ReleaseRequest['platforms'];
  /** The tool that makes SBOMs. */
  sbom: ToolState;
}): boolean {
  const { attached, platforms, sbom } = options;
  const isDescribed = !sbom.there || platforms.every((platform) => attached.sboms.includes(platform));
  return attached.signed && attached.provenance && isDescribed;
}
