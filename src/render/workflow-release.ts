import type { ReleaseManifest } from '../manifest/model.ts';
import type { Artefact, ArtefactRenderer, Blueprint, ServiceBlueprint } from './artefact.ts';
import { withHeader } from './header.ts';
import {
  arcCommand,
  checkOut,
  expression,
  getArc,
  logIn,
  needsLoginSecrets,
  runner,
  type Step,
  secretsEnvironment,
  setUpBuildx,
  type Workflow,
  workflowFolder,
  workflowText,
} from './workflow.ts';
import { actions, tools } from './workflow-pins.ts';

/** One workflow a service that releases it when its version is tagged, where the workspace says where it is released. */
export const releaseWorkflows: ArtefactRenderer = (blueprint) => {
  const { release } = blueprint;
  if (release === undefined) return [];
  return blueprint.services.map((service): Artefact => {
    const { role, file } = service.manifest;
    const text = workflowText({
      about: [
        `Releases ${role} when one of its versions is tagged: git tag ${role}/v0.1.0, and push that tag. A run that was`,
        'interrupted goes on where it stopped when it is run again. A manual run is a rehearsal: it releases nothing.',
        `The same on your machine: arc release ${role} v0.1.0`,
      ],
      workflow: releaseWorkflow({ service, blueprint, release }),
    });
    return {
      path: `${workflowFolder}/${role}-release.yml`,
      text: withHeader({ source: `${file} and arc.yaml`, text }),
    };
  });
};

/** For all images, all platforms, scans, and a registry or GitHub that asks to wait. Minutes. */
const limit = 60;

function releaseWorkflow(options: {
  service: ServiceBlueprint;
  blueprint: Blueprint;
  release: ReleaseManifest;
}): Workflow {
  const { service, blueprint, release } = options;
  const { role } = service.manifest;
  const name = `${role}-release`;
  const releaseCommand = `${arcCommand(blueprint)} release ${role}`;
  const job = { 'runs-on': runner, 'timeout-minutes': limit };
  const login = needsLoginSecrets(service);
  const before = [
    checkOut({ history: true }),
    setUpBuildx,
    ...supplyTools(release),
    ...getArc(blueprint),
    // Last, so that nothing that is installed runs with them.
    gitLogin,
    ...logIn(service),
  ];
  return {
    name,
    on: {
      push: { tags: [`${role}/v*.*.*`] },
      workflow_dispatch: {
        inputs: {
          version: {
            description: 'Version to rehearse, such as v0.1.0. Nothing is released.',
            required: true,
            type: 'string',
          },
        },
      },
    },
    // One after the other, for two versions at once would both move `latest`, and none is cut off in the middle.
    concurrency: { group: `${name}-${expression('github.event_name')}`, 'cancel-in-progress': false },
    jobs: {
      release: {
        name: 'Release',
        ...job,
        ...(login || release.sign === 'key' ? { environment: secretsEnvironment } : {}),
        if: "github.event_name == 'push'",
        permissions: {
          contents: { write: 'the release, with its files' },
          packages: { write: 'the images' },
          ...(release.sign === 'keyless' ? { 'id-token': { write: 'the identity that signs' } } : {}),
        },
        steps: [
          ...before,
          {
            name: 'Release',
            env: { GITHUB_TOKEN: expression('github.token'), ...signingKey(release) },
            // What stands behind the slash of the tag.
            run: `${releaseCommand} "\${GITHUB_REF_NAME#*/}" --require-scan`,
          },
        ],
      },
      rehearsal: {
        name: 'Rehearsal',
        ...job,
        ...(login ? { environment: secretsEnvironment } : {}),
        if: "github.event_name != 'push'",
        permissions: { contents: 'read', packages: { write: 'the images, without a version' } },
        steps: [
          ...before,
          {
            name: 'Rehearse',
            env: { GITHUB_TOKEN: expression('github.token'), VERSION: expression('inputs.version') },
            run: `${releaseCommand} "$VERSION" --require-scan --rehearsal`,
          },
        ],
      },
    },
  };
}

/** For repositories that are private: git asks gh, which reads the token that a step is given, and stores nothing. */
const gitLogin: Step = {
  name: 'Let git log in',
  env: { GH_TOKEN: expression('github.token') },
  run: 'gh auth setup-git',
};

/** What a release makes and checks beside the images: their contents, vulnerabilities, and signatures. */
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

/** Where cosign finds the key, which is never in a file. */
function signingKey({ sign }: ReleaseManifest): Readonly<Record<string, string>> {
  if (sign !== 'key') return {};
  return {
    ARC_COSIGN_KEY: 'env://COSIGN_PRIVATE_KEY',
    COSIGN_PRIVATE_KEY: expression('secrets.COSIGN_PRIVATE_KEY'),
    COSIGN_PASSWORD: expression('secrets.COSIGN_PASSWORD'),
  };
}
