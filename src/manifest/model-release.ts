/** `release` in arc.yaml: absent if nothing is released from the workspace. */
export type ReleaseManifest = {
  /** Address of the repository on GitHub: `https://github.com/arc-framework/arc`. */
  repository: string;
  /** Branch whose pushes publish images. */
  branch: string;
  platforms: readonly Platform[];
  sign: 'none' | 'keyless' | 'key';
};

export type Platform = 'linux/amd64' | 'linux/arm64';
