import { describe, expect, test } from 'vitest';
import { realWorkspace } from '../../tests/fixtures/workspace.ts';
import { parseManifests } from '../manifest/parse.ts';
import { configProblems } from './config-problems.ts';

const real = await realWorkspace();
const manifest = 'services/realtime/service.yaml';
const template = String(real.get('services/realtime/ingress.yaml.liquid'));

/** The ingress of this repository, whose further flavour has ports and a config file of its own. */
function problems(options: { text: string; arc?: string }): readonly string[] {
  const { text, arc = '' } = options;
  const from = `          - template: ingress.yaml.liquid
            file: ingress.yaml
            target: /etc/ingress.yaml
            schema: embedded-ingress
`;
  const to = `          - template: small.yaml.liquid
            file: small.yaml
            target: /etc/ingress.yaml
            schema: livekit-ingress
        ports:
          - { name: rtmp, container: 1936, purpose: RTMP, when: { rtmp: local } }
          - { name: rtmp_public, container: 1936, public: true, purpose: RTMP, when: { rtmp: public } }
          - { name: http, container: 7999, purpose: Health }
          - { name: metrics, container: 6789, publish: false, purpose: Metrics }
`;
  const before = String(real.get(manifest));
  expect(before).toContain(from);
  const files = new Map([
    ...real,
    [manifest, before.replace(from, to)],
    ['services/realtime/small.yaml.liquid', text],
    ['arc.yaml', `${real.get('arc.yaml')}${arc}`],
  ]);
  const parsed = parseManifests({ files });
  if (parsed.manifests === undefined) throw new Error(parsed.problems[0]?.message);
  return configProblems({ manifests: parsed.manifests, files }).map(
    ({ code, location }) => `${code} ${location?.file}`,
  );
}

describe('a config file that only one flavour of a container has', () => {
  test('is as that flavour renders it, and listens on its ports', () => {
    expect(problems({ text: template })).toEqual([]);
  });

  test('is held against its ports, which are not those of the container as it is written', () => {
    const text = template.replace('{{ ports.http }}', '7888');
    expect(problems({ text })).toEqual(['port-mismatch services/realtime/small.yaml']);
  });

  test('may not have a field that its program does not have', () => {
    const text = `${template}whap_port: 8080\n`;
    expect(problems({ text })).toEqual(['unknown-field services/realtime/small.yaml']);
  });

  test('is nobody’s business where arc.yaml rules that flavour out', () => {
    const text = `${template}whap_port: 8080\n`;
    expect(problems({ text, arc: 'flavours: upstream\n' })).toEqual([]);
  });
});
