import { defined } from '../../core/defined.ts';
import { parseReference, repositoryName } from '../../registry/reference.ts';
import type { Builder } from './builder.ts';
import { listAt, parseJson, textAt } from './json.ts';

/** in-toto Statement v1: https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md */
export const statementType = 'https://in-toto.io/Statement/v1';

/** SLSA provenance v1: https://slsa.dev/spec/v1.0/provenance */
export const provenanceType = 'https://slsa.dev/provenance/v1';

/** Names the format of the parameters, and where it is described. */
export const buildType =
  'https://github.com/arc-framework/arc/blob/main/docs/verifying.md#build-type-wrapper-v1';

/** Everything that provenance says about an image; nothing in it depends on when it is made. */
export type ProvenanceFacts = {
  /** `ghcr.io/arc-framework/arc-cache` */
  name: string;
  /** Digest of the index. */
  digest: string;
  platforms: readonly { platform: string; digest: string }[];
  service: string;
  container: string;
  version: string;
  /** Path of the Dockerfile, relative to the root of the repository. */
  dockerfile: string;
  source: { repository?: string; commit: string; epochSeconds: number };
  /** As the manifest names it, and the digest that it was pinned to. */
  base: { reference: string; digest?: string };
};

type ResourceDescriptor = {
  name?: string;
  uri?: string;
  digest?: Readonly<Record<string, string>>;
  annotations?: Readonly<Record<string, string>>;
};

type Statement = {
  _type: string;
  subject: readonly ResourceDescriptor[];
  predicateType: string;
  predicate: {
    buildDefinition: {
      buildType: string;
      externalParameters: Readonly<Record<string, unknown>>;
      internalParameters: Readonly<Record<string, unknown>>;
      resolvedDependencies: readonly ResourceDescriptor[];
    };
    runDetails: { builder: { id: string }; metadata?: { invocationId: string } };
  };
};

/** Names in a statement by which its parts are found again. */
const dependencies = { source: 'source', base: 'base image' } as const;

/** SLSA provenance of an image in an in-toto statement: the same facts and builder give the same bytes. */
export function writeProvenance(facts: ProvenanceFacts, builder: Builder): Buffer {
  const { service, container, version, dockerfile, source } = facts;
  const platforms = facts.platforms.toSorted((a, b) => (a.platform < b.platform ? -1 : 1));
  const statement: Statement = {
    _type: statementType,
    subject: [
      { name: facts.name, digest: digestSet(facts.digest) },
      ...platforms.map(({ platform, digest }) => ({
        name: facts.name,
        digest: digestSet(digest),
        annotations: { platform },
      })),
    ],
    predicateType: provenanceType,
    predicate: {
      buildDefinition: {
        buildType,
        externalParameters: {
          service,
          container,
          version,
          platforms: platforms.map(({ platform }) => platform),
        },
        internalParameters: { dockerfile, SOURCE_DATE_EPOCH: source.epochSeconds },
        resolvedDependencies: [sourceDependency(source), baseDependency(facts.base)],
      },
      runDetails: {
        builder: { id: builder.id },
        ...(builder.invocation === undefined ? {} : { metadata: { invocationId: builder.invocation } }),
      },
    },
  };
  return Buffer.from(`${JSON.stringify(statement)}\n`);
}

function sourceDependency(source: ProvenanceFacts['source']): ResourceDescriptor {
  const { repository, commit } = source;
  return {
    name: dependencies.source,
    ...(repository === undefined ? {} : { uri: `git+${repository}@${commit}` }),
    digest: { gitCommit: commit },
  };
}

/** A base as a package URL: https://github.com/package-url/purl-spec, type `oci`. */
function baseDependency({ reference, digest }: ProvenanceFacts['base']): ResourceDescriptor {
  const parsed = parseReference(reference);
  const name = parsed.repository.split('/').at(-1) ?? parsed.repository;
  const version = digest === undefined ? '' : `@${encodeURIComponent(digest)}`;
  const qualifiers = [
    `repository_url=${encodeURIComponent(repositoryName(parsed))}`,
    ...(parsed.tag === undefined ? [] : [`tag=${encodeURIComponent(parsed.tag)}`]),
  ];
  return {
    name: dependencies.base,
    uri: `pkg:oci/${name}${version}?${qualifiers.join('&')}`,
    ...(digest === undefined ? {} : { digest: digestSet(digest) }),
  };
}

/** The claims of a provenance statement that can be compared with something. */
export type ProvenanceClaims = {
  subjects: readonly string[];
  version?: string;
  commit?: string;
  baseDigest?: string;
  builder?: string;
};

/** Reads provenance; undefined if the document is no SLSA provenance v1. */
export function readProvenance(bytes: Buffer): ProvenanceClaims | undefined {
  const statement = parseJson(bytes);
  if (textAt(statement, '_type') !== statementType) return undefined;
  if (textAt(statement, 'predicateType') !== provenanceType) return undefined;
  const definition = ['predicate', 'buildDefinition'] as const;
  const dependency = (name: string) =>
    listAt(statement, ...definition, 'resolvedDependencies').find((each) => textAt(each, 'name') === name);
  const version = textAt(statement, ...definition, 'externalParameters', 'version');
  const commit = textAt(dependency(dependencies.source), 'digest', 'gitCommit');
  const base = textAt(dependency(dependencies.base), 'digest', 'sha256');
  const builder = textAt(statement, 'predicate', 'runDetails', 'builder', 'id');
  return {
    subjects: listAt(statement, 'subject').flatMap((each) => {
      const digest = textAt(each, 'digest', 'sha256');
      return digest === undefined ? [] : [`sha256:${digest}`];
    }),
    ...defined({ version, commit }),
    ...(base === undefined ? {} : { baseDigest: `sha256:${base}` }),
    ...(builder === undefined ? {} : { builder }),
  };
}

/** The claims that provenance should make but does not, one sentence each without a full stop. */
export function provenanceFaults(
  claims: ProvenanceClaims,
  facts: {
    digest: string;
    platforms: readonly { platform: string; digest: string }[];
    version: string;
    commit: string;
    baseDigest?: string;
  },
): readonly string[] {
  const absent = [
    { what: 'the image', digest: facts.digest },
    ...facts.platforms.map(({ platform, digest }) => ({ what: platform, digest })),
  ].filter(({ digest }) => !claims.subjects.includes(digest));
  return [
    ...absent.map(({ what, digest }) => `it is not about ${what} (${digest})`),
    ...(claims.commit === facts.commit
      ? []
      : [`it names commit ${claims.commit ?? 'none'}, not ${facts.commit}`]),
    ...(claims.version === facts.version
      ? []
      : [`it names version ${claims.version ?? 'none'}, not ${facts.version}`]),
    ...(facts.baseDigest === undefined || claims.baseDigest === facts.baseDigest
      ? []
      : [`it names base ${claims.baseDigest ?? 'none'}, not ${facts.baseDigest}`]),
  ];
}

function digestSet(digest: string): Readonly<Record<string, string>> {
  const [algorithm = '', hex = ''] = digest.split(':');
  return { [algorithm]: hex };
}
