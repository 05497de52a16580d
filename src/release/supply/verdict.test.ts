import { describe, expect, it } from 'vitest';
import type { SignatureState } from './cosign.ts';
import { notRun } from './not-run.ts';
import {
  type ExpectedImage,
  type Finding,
  type ImageEvidence,
  judgeImage,
  type SignatureEvidence,
} from './verdict.ts';

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const labels = {
  'org.opencontainers.image.revision': '1a2b3c4d',
  'org.opencontainers.image.version': 'v0.1.0',
};
const image: ImageEvidence['image'] = {
  digest: digest('a'),
  mediaType: 'application/vnd.oci.image.index.v1+json',
  size: 491,
  platforms: [
    { platform: 'linux/amd64', digest: digest('b'), labels },
    { platform: 'linux/arm64', digest: digest('c'), labels },
  ],
};
const claims = {
  subjects: [digest('a'), digest('b'), digest('c')],
  version: 'v0.1.0',
  commit: '1a2b3c4d',
  baseDigest: digest('d'),
  builder: 'https://builder.example',
};
const evidence: ImageEvidence = {
  image,
  sboms: new Map([
    [digest('b'), [{ digest: digest('1'), facts: { subjects: [digest('b')], packages: 14 } }]],
    [digest('c'), [{ digest: digest('2'), facts: { subjects: [digest('c')], packages: 1 } }]],
  ]),
  provenance: [{ digest: digest('3'), facts: claims }],
};
const expected: ExpectedImage = {
  digest: digest('a'),
  platforms: ['linux/amd64', 'linux/arm64'],
  labels,
  version: 'v0.1.0',
  commit: '1a2b3c4d',
  baseDigest: digest('d'),
  release: 'arc release front v0.1.0',
};
const allSigned: SignatureEvidence = new Map(
  ['a', '1', '2', '3'].map((letter) => [digest(letter), { kind: 'valid' }]),
);

function judge(change: {
  evidence?: Partial<ImageEvidence>;
  expected?: Partial<ExpectedImage>;
  signatures?: SignatureEvidence;
}): readonly string[] {
  return judgeImage({
    evidence: { ...evidence, ...change.evidence },
    expected: { ...expected, ...change.expected },
    signatures: change.signatures ?? allSigned,
  }).map(line);
}

const line = ({ kind, message, detail = [] }: Finding) => [`${kind}: ${message}`, ...detail].join(' | ');

/** The findings that are not fine. */
const faults = (change: Parameters<typeof judge>[0]) =>
  judge(change).filter((each) => !each.startsWith('ok'));

describe('an image as it should be', () => {
  it('has a finding for everything that was looked at', () => {
    expect(judge({})).toEqual([
      `ok: The registry has it: ${digest('a')}.`,
      'ok: It is for linux/amd64, linux/arm64.',
      'ok: The 2 labels of linux/amd64 are correct.',
      'ok: The 2 labels of linux/arm64 are correct.',
      'ok: The SBOM of linux/amd64 is about this image, with 14 packages.',
      'ok: The SBOM of linux/arm64 is about this image, with 1 package.',
      'ok: The provenance is about this image, commit 1a2b3c4d and version v0.1.0. | built by https://builder.example',
      'ok: The image is signed.',
      'ok: The SBOM of linux/amd64 is signed.',
      'ok: The SBOM of linux/arm64 is signed.',
      'ok: The provenance is signed.',
    ]);
  });

  it('may have further documents attached, which say something else', () => {
    const stray = { digest: digest('9'), facts: { ...claims, commit: 'f00d' } };
    expect(faults({ evidence: { provenance: [stray, ...evidence.provenance] } })).toEqual([]);
  });

  it('may have the same document attached twice, one of them signed', () => {
    const twin = { digest: digest('8'), facts: claims };
    expect(faults({ evidence: { provenance: [twin, ...evidence.provenance] } })).toEqual([]);
  });
});

describe('what is wrong with an image', () => {
  it('is another digest', () => {
    expect(faults({ expected: { digest: digest('e') } })).toEqual([
      `wrong: The registry has ${digest('a')}, and not ${digest('e')}.`,
    ]);
  });

  it('is a platform that is missing', () => {
    expect(faults({ expected: { platforms: ['linux/amd64', 'linux/riscv64'] } })).toEqual([
      'wrong: It is not for linux/riscv64. | it is for linux/amd64, linux/arm64',
    ]);
  });

  it('is a label with another value, or none', () => {
    const other = { ...labels, 'org.opencontainers.image.source': 'https://github.com/o/r' };
    const [first] = faults({
      expected: { labels: { ...other, 'org.opencontainers.image.version': 'v0.2.0' } },
    });
    expect(first).toBe(
      'wrong: Labels of linux/amd64 are not correct. | org.opencontainers.image.version is "v0.1.0", not "v0.2.0" | org.opencontainers.image.source is missing, not "https://github.com/o/r"',
    );
  });

  it('is an SBOM that is about something else, or not readable', () => {
    const sboms = new Map([
      [
        digest('c'),
        [
          { digest: digest('2'), facts: { subjects: [digest('b')], packages: 1 } },
          { digest: digest('4'), facts: undefined },
        ],
      ],
    ]);
    expect(faults({ evidence: { sboms } })).toEqual([
      'not-run: linux/amd64 has no SBOM, so there is none to check. | where there is syft, arc release front v0.1.0 at the commit of the release adds it',
      `wrong: No SBOM of linux/arm64 is about this image. | ${digest('2')}: about ${digest('b')} | ${digest('4')}: no SPDX in JSON`,
    ]);
  });

  it('is provenance that is missing, of which every release has some', () => {
    expect(faults({ evidence: { provenance: [] } })).toEqual([
      'wrong: The image has no provenance. | if the image is right otherwise, arc release front v0.1.0 at the commit of the release adds it',
    ]);
  });

  it('is provenance that claims something else', () => {
    const provenance = [
      { digest: digest('3'), facts: { ...claims, commit: 'f00d', subjects: [digest('a'), digest('b')] } },
      { digest: digest('4'), facts: undefined },
    ];
    expect(faults({ evidence: { provenance } })).toEqual([
      `wrong: No provenance matches this image. | ${digest('3')}: it is not about linux/arm64 (${digest('c')}) | ${digest('3')}: it names commit f00d, not 1a2b3c4d | ${digest('4')}: no SLSA provenance v1`,
    ]);
  });
});

describe('what cannot be checked', () => {
  it('is an SBOM that is missing: a release without syft is whole, and says nothing of one', () => {
    const sboms = new Map([...evidence.sboms].slice(1));
    expect(faults({ evidence: { sboms } })).toEqual([
      'not-run: linux/amd64 has no SBOM, so there is none to check. | where there is syft, arc release front v0.1.0 at the commit of the release adds it',
    ]);
  });

  it('is all that is missing of an image that is of no release, and there are no labels to hold against', () => {
    const { release, ...other } = expected;
    const findings = judgeImage({
      evidence: { ...evidence, sboms: new Map(), provenance: [] },
      expected: { ...other, labels: {} },
      signatures: notRun('nobody says who'),
    });
    expect(findings.map(line)).toEqual([
      `ok: The registry has it: ${digest('a')}.`,
      'ok: It is for linux/amd64, linux/arm64.',
      'not-run: linux/amd64 has no SBOM, so there is none to check.',
      'not-run: linux/arm64 has no SBOM, so there is none to check.',
      'not-run: The image has no provenance, so there is none to check.',
      'not-run: Signatures were not checked: nobody says who.',
    ]);
  });
});

describe('signatures', () => {
  const signed = (change: Record<string, SignatureState>): SignatureEvidence =>
    new Map([...(allSigned as ReadonlyMap<string, SignatureState>), ...Object.entries(change)]);

  it('are wrong where there is none, or where it is of somebody else', () => {
    const signatures = signed({
      [digest('a')]: { kind: 'missing' },
      [digest('3')]: { kind: 'untrusted', reason: 'no matching attestations' },
    });
    expect(faults({ signatures })).toEqual([
      'wrong: The image is not signed.',
      'wrong: The provenance is signed by somebody else. | no matching attestations',
    ]);
  });

  it('that nobody can check are said not to be checked', () => {
    expect(faults({ signatures: notRun('cosign is not installed', 'install cosign') })).toEqual([
      'not-run: Signatures were not checked: cosign is not installed. | install cosign',
    ]);
    expect(faults({ signatures: signed({ [digest('a')]: notRun('the network is down') }) })).toEqual([
      'not-run: The image: its signature was not checked: the network is down.',
    ]);
  });

  it('count only on documents that say the right thing', () => {
    const provenance = [{ digest: digest('3'), facts: { ...claims, version: 'v9.9.9' } }];
    expect(judge({ evidence: { provenance } }).filter((each) => /provenance/i.test(each))).toEqual([
      `wrong: No provenance matches this image. | ${digest('3')}: it names version v9.9.9, not v0.1.0`,
    ]);
  });
});
