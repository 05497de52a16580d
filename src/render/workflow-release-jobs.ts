import type { ReleaseManifest } from '../manifest/model-release.ts';
import {
  arcCommand,
  checkOut,
  expression,
  getArc,
  type Job,
  logIn,
  needsLoginSecrets,
  runner,
  type Step,
  secretsEnvironment,
  setUpBuildx,
  type WorkflowSituation,
} from './workflow.ts';
import { actions, tools } from './workflow-pins.ts';

/** For all images, all platforms, scans, and a registry or GitHub that asks to wait. Minutes. */
const limit = 60;

/**
 * Jobs that release a service when one of its versions is tagged. A run that was interrupted goes on where it stopped
 * when it is run again. A manual run with a version is a rehearsal, which releases nothing.
 */
export function releaseJobs(situation: WorkflowSituation): { release: Job; rehearsal: Job } {
  const { release } = situation;
  const releaseCommand = `${arcCommand(situation)} release "$SERVICE"`;
  const job = { 'runs-on': runner, 'timeout-minutes': limit };
  const service = { SERVICE: expression('inputs.service') };
  const login = needsLoginSecrets(situation);
  const before = [
    checkOut({ history: true }),
    setUpBuildx,
    ...supplyTools(release),
    ...getArc(situation),
    // Last, so that nothing that is installed runs with them.
    gitLogin,
    ...logIn(situation),
  ];
  return {
    release: {
      name: 'Release',
      ...job,
      ...(login || release.sign === 'key' ? { environment: secretsEnvironment } : {}),
      if: "github.event_name == 'push' && github.ref_type == 'tag'",
      permissions: releasePermissions(release),
      steps: [
        ...before,
        {
          name: 'Release',
          env: { ...service, GITHUB_TOKEN: expression('github.token'), ...signingKey(release) },
          // The version is what stands behind the slash of the tag.
          run: `${releaseCommand} "\${GITHUB_REF_NAME#*/}" --require-scan`,
        },
      ],
    },
    rehearsal: {
      name: 'Rehearsal',
      ...job,
      ...(login ? { environment: secretsEnvironment } : {}),
      if: "github.event_name == 'workflow_dispatch' && inputs.version != ''",
      permissions: { contents: 'read', packages: { write: 'the images, without a version' } },
      steps: [
        ...before,
        {
          name: 'Rehearse',
          env: {
            ...service,
            GITHUB_TOKEN: expression('github.token'),
            VERSION: expression('inputs.version'),
          },
          run: `${releaseCommand} "$VERSION" --require-scan --rehearsal`,
        },
      ],
    },
  };
}

/** The permissions of a release; a calling workflow has to grant them. */
export function releasePermissions({ sign }: ReleaseManifest): Job['permissions'] {
  return {
    contents: { write: 'the release, with its files' },
    packages: { write: 'the images' },
    ...(sign === 'keyless' ? { 'id-token': { write: 'the identity that signs' } } : {}),
  };
}

/** For repositories that are private: git asks gh, which reads the token that a step is given, and stores nothing. */
const gitLogin: Step = {
  name: 'Let git log in',
  env: { GH_TOKEN: expression('github.token') },
  run: 'gh auth setup-git',
};

/** The tools that a release needs besides buildx: for contents, vulnerabilities and signatures. */
function supplyTools(release: ReleaseManifest): readonly Step[] {
  const { syft, trivy } = tools;
  return [
    {
      name: 'Get syft',
      // The script checks the checksum of what it downloads, and by itself would run that of another address first.
      env: { DOWNLOAD_TAG_INSTALL_SCRIPT: 'false' },
      run: [
        `curl --fail --silent --show-error --location --output "$RUNNER_TEMP/install-syft.sh" https://raw.githubusercontent.com/anchore/syft/${syft.commit}/install.sh`,
        `sh "$RUNNER_TEMP/install-syft.sh" -b "$HOME/.local/bin" ${syft.version}`,
        'echo "$HOME/.local/bin" >> "$GITHUB_PATH"',
        '',
      ].join('\n'),
    },
    { name: 'Get trivy', uses: actions.setupTrivy, with: { version: trivy.version } },
    ...(release.sign === 'none' ? [] : [{ name: 'Get cosign', uses: actions.installCosign }]),
  ];
}

/** Secrets of the repository that hold the key to sign with. */
export const signingSecrets = ['COSIGN_PRIVATE_KEY', 'COSIGN_PASSWORD'] as const;

/** Where cosign finds the key, which is never in a file. */
function signingKey({ sign }: ReleaseManifest): Readonly<Record<string, string>> {
  if (sign !== 'key') return {};
  return {
    ARC_COSIGN_KEY: 'env://COSIGN_PRIVATE_KEY',
    ...Object.fromEntries(signingSecrets.map((name) => [name, expression(`secrets.${name}`)])),
  };
}
