import type { RegistryImage } from '../../registry/image.ts';
import type { SignatureState } from './cosign.ts';
import type { NotRun } from './not-run.ts';
import type { SbomFacts } from './spdx.ts';
import { type ProvenanceClaims, provenanceFaults } from './statement.ts';

/** One thing that was looked at: a sentence for people, and what stands behind it. */
export type Finding = {
  kind: 'ok' | 'wrong' | 'not-run';
  about: 'image' | 'labels' | 'sbom' | 'provenance' | 'signature';
  message: string;
  detail?: readonly string[];
};

/** What provenance should claim, besides the image. */
export type ExpectedClaims = { version: string; commit: string; baseDigest?: string };

/** What an image should be, according to the git tag and the manifests. */
export type ExpectedImage = ExpectedClaims & {
  /** Where it is known from elsewhere: the notes of the release. */
  digest?: string;
  /**
   * The command that adds what its release left out, `arc release front v0.1.0`; absent for an image without a release.
   */
  release?: string;
  platforms: readonly string[];
  /** Every label with a known value; a label that is missing in the image is wrong as well. */
  labels: Readonly<Record<string, string>>;
};

/** Attached documents; those that cannot be read have no facts. */
export type FoundDocument<Facts> = { digest: string; facts: Facts | undefined };

/** An image in a registry. */
export type ImageEvidence = {
  image: RegistryImage;
  /** By the digest of the platform. */
  sboms: ReadonlyMap<string, readonly FoundDocument<SbomFacts>[]>;
  provenance: readonly FoundDocument<ProvenanceClaims>[];
};

/** The documents with the right contents. Anybody who may push can attach any number of others. */
export type RightDocuments = {
  sboms: ReadonlyMap<string, readonly FoundDocument<SbomFacts>[]>;
  provenance: readonly FoundDocument<ProvenanceClaims>[];
};

/** Signatures by digest, or why they were not looked at. */
export type SignatureEvidence = ReadonlyMap<string, SignatureState> | NotRun;

/** Which of the attached documents are about this image and say the right thing. */
export function rightDocuments(evidence: ImageEvidence, expected: ExpectedClaims): RightDocuments {
  const { image, sboms, provenance } = evidence;
  return {
    sboms: new Map(
      Array.from(sboms, ([subject, documents]) => [
        subject,
        documents.filter(({ facts }) => facts?.subjects.includes(subject)),
      ]),
    ),
    provenance: provenance.filter(
      ({ facts }) => facts && provenanceFaults(facts, { ...expected, ...image }).length === 0,
    ),
  };
}

/** Holds what a registry has against what it should have: a finding for everything that was looked at. */
export function judgeImage(options: {
  evidence: ImageEvidence;
  expected: ExpectedImage;
  signatures: SignatureEvidence;
}): readonly Finding[] {
  const { evidence, expected, signatures } = options;
  const right = rightDocuments(evidence, expected);
  return [
    ...imageFindings(evidence.image, expected),
    ...labelFindings(evidence.image, expected),
    ...evidence.image.platforms.map((platform) =>
      sbomFinding({
        platform,
        documents: evidence.sboms.get(platform.digest) ?? [],
        release: expected.release,
      }),
    ),
    provenanceFinding(evidence, expected, right),
    ...signatureFindings(evidence.image, right, signatures),
  ];
}

function imageFindings(image: RegistryImage, expected: ExpectedImage): readonly Finding[] {
  const there = image.platforms.map(({ platform }) => platform);
  const absent = expected.platforms.filter((platform) => !there.includes(platform));
  return [
    expected.digest === undefined || expected.digest === image.digest
      ? ok('image', `The registry has it: ${image.digest}.`)
      : wrong('image', `The registry has ${image.digest}, and not ${expected.digest}.`),
    absent.length === 0
      ? ok('image', `It is for ${there.join(', ')}.`)
      : wrong('image', `It is not for ${absent.join(', ')}.`, [`it is for ${there.join(', ')}`]),
  ];
}

function labelFindings(image: RegistryImage, expected: ExpectedImage): readonly Finding[] {
  const count = Object.keys(expected.labels).length;
  if (count === 0) return [];
  return image.platforms.map(({ platform, labels }) => {
    const faults = Object.entries(expected.labels)
      .filter(([name, value]) => labels[name] !== value)
      .map(([name, value]) => `${name} is ${shown(labels[name])}, not ${shown(value)}`);
    return faults.length === 0
      ? ok('labels', `The ${count} labels of ${platform} are correct.`)
      : wrong('labels', `Labels of ${platform} are not correct.`, faults);
  });
}

/**
 * A missing SBOM is not an error by itself: a release without syft is finished without one, and nothing shows whether
 * one has been removed. It is always reported.
 */
function sbomFinding(options: {
  platform: { platform: string; digest: string };
  documents: readonly FoundDocument<SbomFacts>[];
  release: string | undefined;
}): Finding {
  const { documents, release } = options;
  const { platform, digest } = options.platform;
  const right = documents.find(({ facts }) => facts?.subjects.includes(digest));
  if (right?.facts)
    return ok('sbom', `The SBOM of ${platform} is about this image, with ${packages(right.facts)}.`);
  if (documents.length === 0)
    return {
      kind: 'not-run',
      about: 'sbom',
      message: `${platform} has no SBOM, so there is none to check.`,
      ...(release === undefined
        ? {}
        : { detail: [`where there is syft, ${release} at the commit of the release adds it`] }),
    };
  return wrong(
    'sbom',
    `No SBOM of ${platform} is about this image.`,
    documents.map(({ digest: manifest, facts }) =>
      facts === undefined
        ? `${manifest}: no SPDX in JSON`
        : `${manifest}: about ${facts.subjects.join(', ') || 'nothing'}`,
    ),
  );
}

function provenanceFinding(
  { image, provenance }: ImageEvidence,
  expected: ExpectedImage,
  right: RightDocuments,
): Finding {
  const facts = right.provenance[0]?.facts;
  if (facts) {
    return ok(
      'provenance',
      `The provenance is about this image, commit ${expected.commit} and version ${expected.version}.`,
      facts.builder === undefined ? undefined : [`built by ${facts.builder}`],
    );
  }
  if (provenance.length === 0) return absentProvenance(expected);
  return wrong(
    'provenance',
    'No provenance matches this image.',
    provenance.flatMap(({ digest, facts: claims }) =>
      claims === undefined
        ? [`${digest}: no SLSA provenance v1`]
        : provenanceFaults(claims, { ...expected, ...image }).map((fault) => `${digest}: ${fault}`),
    ),
  );
}

/** It needs no tool, so every release has it; other images may lack it. */
function absentProvenance({ release }: ExpectedImage): Finding {
  if (release !== undefined)
    return wrong('provenance', 'The image has no provenance.', [
      `if the image is right otherwise, ${release} at the commit of the release adds it`,
    ]);
  return {
    kind: 'not-run',
    about: 'provenance',
    message: 'The image has no provenance, so there is none to check.',
  };
}

function signatureFindings(
  image: RegistryImage,
  right: RightDocuments,
  signatures: SignatureEvidence,
): readonly Finding[] {
  if ('kind' in signatures) return [notLookedAt('Signatures were', signatures)];
  // A missing document has its own finding.
  const signed = [
    { what: 'The image', digests: [image.digest] },
    ...image.platforms.map(({ platform, digest }) => ({
      what: `The SBOM of ${platform}`,
      digests: (right.sboms.get(digest) ?? []).map((document) => document.digest),
    })),
    { what: 'The provenance', digests: right.provenance.map(({ digest }) => digest) },
  ].filter(({ digests }) => digests.length > 0);
  return signed.map(({ what, digests }) => {
    const states = digests.map((digest) => signatures.get(digest) ?? { kind: 'missing' as const });
    return signatureFinding(what, states);
  });
}

/** Of several equal documents, one signed document is enough. */
function signatureFinding(what: string, states: readonly SignatureState[]): Finding {
  const state = states.find(({ kind }) => kind === 'valid') ??
    states.find(({ kind }) => kind === 'not-run') ??
    states[0] ?? { kind: 'missing' as const };
  switch (state.kind) {
    case 'valid':
      return ok('signature', `${what} is signed.`);
    case 'missing':
      return wrong('signature', `${what} is not signed.`);
    case 'untrusted':
      return wrong('signature', `${what} is signed by somebody else.`, [state.reason]);
    case 'not-run':
      return notLookedAt(`${what}: its signature was`, state);
    default:
      return state satisfies never;
  }
}

function ok(about: Finding['about'], message: string, detail?: readonly string[]): Finding {
  return { kind: 'ok', about, message, ...(detail === undefined ? {} : { detail }) };
}

function wrong(about: Finding['about'], message: string, detail?: readonly string[]): Finding {
  return { kind: 'wrong', about, message, ...(detail === undefined ? {} : { detail }) };
}

function notLookedAt(what: string, { reason, suggestion }: NotRun): Finding {
  const detail = suggestion === undefined ? {} : { detail: [suggestion] };
  return { kind: 'not-run', about: 'signature', message: `${what} not checked: ${reason}.`, ...detail };
}

function packages({ packages: count }: SbomFacts): string {
  return count === 1 ? '1 package' : `${count} packages`;
}

function shown(value: string | undefined): string {
  return value === undefined ? 'missing' : JSON.stringify(value);
}
