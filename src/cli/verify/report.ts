import type { Finding } from '../../release/supply/verdict.ts';

/** One thing that was looked at, of the images or of what they are held against. */
export type VerifyFinding = Omit<Finding, 'about'> & { about: Finding['about'] | 'git' | 'tags' };

export type ImageReport = {
  /** Role of the container; null for an image that is of no service of the workspace. */
  role: string | null;
  /** `ghcr.io/arc-framework/arc-cache:v0.1.0` */
  image: string;
  /** The image that the registry has under that name. */
  digest: string | null;
  findings: readonly VerifyFinding[];
};

export type VerifyReport = {
  /** `realtime v0.1.0`, or the name of an image. */
  subject: string;
  /** The commit that the images should be built from; null if nothing says so. */
  commit: string | null;
  /** The facts that all images are compared with. */
  findings: readonly VerifyFinding[];
  images: readonly ImageReport[];
};

export function allFindings({ findings, images }: VerifyReport): readonly VerifyFinding[] {
  return [...findings, ...images.flatMap((image) => image.findings)];
}

/** How many findings are of each kind. */
export function countFindings(report: VerifyReport): Readonly<Record<Finding['kind'], number>> {
  const counts = { ok: 0, wrong: 0, 'not-run': 0 };
  for (const { kind } of allFindings(report)) counts[kind] += 1;
  return counts;
}

export function ok(about: VerifyFinding['about'], message: string): VerifyFinding {
  return { kind: 'ok', about, message };
}

export function wrong(
  about: VerifyFinding['about'],
  message: string,
  ...detail: readonly string[]
): VerifyFinding {
  return { kind: 'wrong', about, message, ...(detail.length === 0 ? {} : { detail }) };
}

export function notLookedAt(
  about: VerifyFinding['about'],
  message: string,
  ...detail: readonly string[]
): VerifyFinding {
  return { kind: 'not-run', about, message, ...(detail.length === 0 ? {} : { detail }) };
}
