import { type Page, readPages } from './documents.ts';

/** Pages whose commands tests/e2e/readme.test.ts runs, one after the other, on a real stack. */
export const pagesRun = ['README.md', 'docs/adding-a-service.md', 'docs/running-without-a-registry.md'];

/** Of those pages, what that test does not run itself. */
export const notRun: Readonly<Record<string, string>> = {
  'make test': 'the tests themselves are what runs here',
};

/**
 * Commands of all other pages: the test that runs them, or why none does. A test's file has the same words, perhaps with
 * other names of services and files.
 */
export const runElsewhere: Readonly<Record<string, { test: string } | { reason: string }>> = {
  'git clone https://github.com/arc-framework/arc.git': {
    reason: 'asks GitHub; the checkout that is tested is one',
  },
  'cd arc': { reason: 'belongs to the clone' },
  './bin/arc --version': { test: 'tests/e2e/package.test.ts' },
  'make lint': { reason: 'is the first step of make test' },
  'make test': { reason: 'the tests themselves are what runs here' },
  'vitest run --project unit src/stack': { reason: 'the tests themselves are what runs here' },
  'docker buildx create --name arc --driver docker-container --bootstrap': {
    reason: 'pulls BuildKit from Docker Hub; tests start one that is built from its Go module',
  },
  'arc up agent': { test: 'tests/e2e/voice.test.ts' },
  'arc init --agent guide': { test: 'tests/e2e/agent-init.test.ts' },
  'arc up guide': { test: 'tests/e2e/agent-init.test.ts' },
  'arc agents dispatch demo --agent guide': { test: 'tests/e2e/agent-init.test.ts' },
  'arc agents list': { test: 'tests/e2e/agents.test.ts' },
  'arc agents dispatch demo': { test: 'tests/e2e/agents.test.ts' },
  'arc agents say demo "This room closes in five minutes."': { test: 'tests/e2e/agents.test.ts' },
  'arc agents logs --room demo --follow': { test: 'tests/e2e/agents.test.ts' },
  'arc token --room demo --identity me': { test: 'tests/support/voice-call.ts' },
  'arc voice check': { test: 'tests/e2e/voice.test.ts' },
  'arc voice check --svg turn.svg': { test: 'tests/e2e/voice.test.ts' },
  'arc voice check --question "Is any stream live?" --answer stream': { test: 'tests/e2e/voice.test.ts' },
  'arc agents forget ada': { test: 'tests/e2e/brain.test.ts' },
  'arc contract forget user-123': { test: 'tests/e2e/contract-forget.test.ts' },
  'arc init second --names project --ports auto --yes': { test: 'tests/e2e/two-stacks.test.ts' },
  'docker volume create --label arc.project=second --label arc.role=cache second-cache-data': {
    test: 'tests/e2e/two-stacks.test.ts',
  },
  'docker run --rm --user 0 --entrypoint cp --volume arc-cache-data:/from:ro --volume second-cache-data:/to ghcr.io/arc-framework/arc-cache:latest -a /from/. /to/':
    { test: 'tests/e2e/two-stacks.test.ts' },
  'arc up dashboards': { reason: 'needs an image that only a registry has' },
  'arc up ultra-instinct': {
    reason: 'is what tests boot service by service, and an image that only a registry has',
  },
  'arc up reason': {
    reason: 'is arc up agent, arc up gateway realtime and arc up sql, which tests boot',
  },
  'arc secrets rotate sql_voice_agent_password': { test: 'tests/e2e/sql-roles.test.ts' },
  'arc up streaming': { test: 'tests/e2e/streaming.test.ts' },
  'arc health streaming': { test: 'tests/e2e/streaming.test.ts' },
  'arc contract tail agent': { test: 'tests/e2e/contract-messages.test.ts' },
  'arc contract publish brain-error message.json': { test: 'tests/e2e/contract-messages.test.ts' },
  'arc contract publish voice-track-published message.json --as webhooks': {
    test: 'tests/e2e/contract-messages.test.ts',
  },
  'arc contract replay agent --since 2h': { test: 'tests/e2e/contract-messages.test.ts' },
  'arc contract replay agent --dead': { test: 'tests/e2e/contract-messages.test.ts' },
  'arc contract lag': { test: 'tests/e2e/contract-messages.test.ts' },
  'arc contract publish agent-lifecycle message.json': { test: 'tests/e2e/contract-streaming.test.ts' },
  'arc contract tail agent --where /service/name=agent': { test: 'tests/e2e/contract-messages.test.ts' },
  'arc contract replay agent-lifecycle --since 2d': { test: 'tests/e2e/contract-streaming.test.ts' },
  'arc contract tail conversation --on pulsar': { test: 'tests/e2e/contract-streaming.test.ts' },
  'arc contract replay conversation --since 7d': { test: 'tests/e2e/contract-streaming.test.ts' },
  'arc contract lag --on pulsar': { test: 'tests/e2e/contract-streaming.test.ts' },
  'arc up sql': { test: 'tests/e2e/sql-roles.test.ts' },
  'arc sql new "add summaries"': { test: 'tests/e2e/sql-commands.test.ts' },
  'arc sql new "embeddings of 1536" --dimensions 1536': { test: 'tests/e2e/sql-vectors.test.ts' },
  'arc sql status': { test: 'tests/e2e/sql-commands.test.ts' },
  'arc sql migrate': { test: 'tests/e2e/sql-commands.test.ts' },
  'arc plan sql': { test: 'tests/e2e/sql.test.ts' },
  'arc sql shell': { test: 'tests/e2e/sql-commands.test.ts' },
  "arc sql shell --role voice_agent -- -c 'SELECT count(*) FROM agents.conversations'": {
    test: 'tests/e2e/sql-commands.test.ts',
  },
  'arc top': { test: 'tests/e2e/traces.test.ts' },
  'arc top realtime --once': { test: 'tests/e2e/traces.test.ts' },
  'arc trace --last boot': { test: 'tests/e2e/traces.test.ts' },
  'arc trace --list': { test: 'tests/e2e/traces.test.ts' },
  'arc trace --list --service livekit --since 10m': { test: 'tests/e2e/traces.test.ts' },
  'arc trace 0af7651916cd43dd8448eb211c80319c': { test: 'tests/e2e/traces.test.ts' },
  'arc trace --last boot --svg boot.svg --html boot.html': { test: 'tests/e2e/traces.test.ts' },
  'arc panels': { test: 'tests/e2e/metrics.test.ts' },
  'arc panels --svg panels.svg --range 24h': { test: 'tests/e2e/metrics.test.ts' },
  'arc metrics up': { test: 'tests/e2e/metrics.test.ts' },
  'arc metrics livekit_participant_total --range 1h': { test: 'tests/e2e/metrics.test.ts' },
  'arc health realtime': { test: 'tests/e2e/metrics.test.ts' },
  'arc health --deep': { test: 'tests/e2e/metrics.test.ts' },
  'arc health --shallow': { test: 'tests/e2e/metrics.test.ts' },
  'arc health --json': { test: 'tests/e2e/metrics.test.ts' },
  'arc health metrics': { test: 'tests/e2e/metrics.test.ts' },
  'arc up metrics --set alert_receiver=hooks.example.org:443 --set alert_receiver_path=/alerts': {
    test: 'tests/e2e/metrics.test.ts',
  },
  'arc up telemetry logs': { test: 'tests/e2e/logs.test.ts' },
  'arc logs --since 2d --query refused': { test: 'tests/e2e/logs.test.ts' },
  'arc logs --level warn --role cache --since 2d': { test: 'tests/e2e/logs.test.ts' },
  'arc doctor --public': { test: 'tests/e2e/restricted-networks.test.ts' },
  'arc hosts --write': { test: 'tests/integration/hosts.test.ts' },
  'arc ca trust': { reason: 'changes whom the machine trusts' },
  'arc images lock': { test: 'tests/integration/images-lock.test.ts' },
  'arc images lock --update': { test: 'tests/integration/images-lock.test.ts' },
  'arc images lock --check': { test: 'tests/integration/images-lock.test.ts' },
  'arc release realtime v0.1.0 --dry-run': { test: 'tests/e2e/release.test.ts' },
  'git tag realtime/v0.1.0': { reason: 'releases: a person tags' },
  'git push origin realtime/v0.1.0': { reason: 'releases: a person pushes the tag' },
  'docker login ghcr.io': { reason: 'needs an account' },
  'gh auth login': { reason: 'needs an account' },
  'arc release realtime v0.1.0': { test: 'tests/integration/verify.test.ts' },
  'arc release realtime v0.2.0 --rehearsal': { test: 'tests/integration/verify.test.ts' },
  'arc build realtime': { test: 'tests/integration/images-builder.test.ts' },
  'arc publish realtime': { test: 'tests/integration/images-builder.test.ts' },
  'arc verify realtime v0.1.0': { test: 'tests/integration/verify.test.ts' },
  'arc verify ghcr.io/arc-framework/arc-realtime:v0.1.0': { test: 'tests/integration/verify.test.ts' },
  'arc rollback realtime --dry-run': { test: 'tests/e2e/rollback.test.ts' },
  'arc rollback realtime v0.1.0': { test: 'tests/e2e/rollback.test.ts' },
  'image=ghcr.io/arc-framework/arc-realtime': { reason: 'names an image for the commands below it' },
  'digest=$(docker buildx imagetools inspect $image:v0.1.0 --format \'{{printf "%s" .Manifest.Digest}}\')': {
    reason: 'asks GitHub’s registry for a release',
  },
  'cosign verify $image@$digest --certificate-identity https://github.com/arc-framework/arc/.github/workflows/arc.yml@refs/tags/realtime/v0.1.0 --certificate-oidc-issuer https://token.actions.githubusercontent.com':
    { reason: 'needs a signature that a GitHub workflow made' },
  'cosign verify $image@$digest --key cosign.pub --insecure-ignore-tlog=true': {
    test: 'tests/integration/release-supply.test.ts',
  },
  'oras discover $image@$digest': { reason: 'there is no oras in the packages that tests build tools from' },
  'oras discover $image@$digest --platform linux/amd64': { reason: 'as above' },
  'oras pull $image@sha256:…': { reason: 'as above; the names of the files are tested' },
  'cosign verify $image@sha256:… --key cosign.pub --insecure-ignore-tlog=true': {
    test: 'tests/integration/release-supply.test.ts',
  },
  'syft scan registry:$image@$digest --platform linux/amd64 -o spdx-json': {
    reason: 'arc runs syft with these words in each release of the tests',
  },
  'cosign generate-key-pair': { test: 'tests/integration/supply-kit.ts' },
  'export ARC_COSIGN_KEY=cosign.key': { reason: 'tests set the variable themselves' },
  'export COSIGN_PASSWORD=…': { reason: 'tests set the variable themselves' },
  'export DOCKER_HOST=ssh://ada@box.example': { reason: 'names an Engine for the commands below it' },
  'export DOCKER_HOST=tcp://box.example:2376 DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=~/.docker/box': {
    reason: 'as above',
  },
  'arc up think': { test: 'tests/e2e/remote-engine.test.ts' },
  'arc health': { test: 'tests/e2e/remote-engine.test.ts' },
  'arc down': { test: 'tests/e2e/remote-engine.test.ts' },
  'arc plan think': { test: 'tests/e2e/remote-engine.test.ts' },
};

/** The commands of a page's `sh` blocks, in its order: without comments, and lines that go on as one. */
export function commandsOf(page: Page): readonly string[] {
  return page.blocks
    .filter(({ info }) => info === 'sh')
    .flatMap(({ text }) => text.replaceAll(/\s*\\\n\s*/g, ' ').split('\n'))
    .map((line) => line.replace(/(^|\s+)#.*$/, '').trim())
    .filter((line) => line !== '');
}

/** Every command of every page that tests/e2e/readme.test.ts does not run. */
export function commandsElsewhere(): ReadonlySet<string> {
  const pages = readPages().filter(({ path }) => !pagesRun.includes(path));
  return new Set(pages.flatMap(commandsOf));
}
