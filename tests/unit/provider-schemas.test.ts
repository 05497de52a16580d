import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { serviceSchemas } from '../../scripts/provider-schemas.ts';
import { probeKinds, providers } from '../../src/app/providers.ts';
import { aspectNames } from '../../src/providers/livekit/probe.ts';
import { repository } from '../support/run-arc.ts';

type Probe = { properties: Record<string, { const?: string; enum?: readonly string[] }>; required: string[] };

const { written, wanted } = serviceSchemas();
const definitions = written.$defs as Record<string, Probe>;

describe('schemas/service.schema.json', () => {
  it('has the probes of the providers as they write them', () => {
    expect(written, 'run: node scripts/provider-schemas.ts').toEqual(wanted);
  });

  it('has a definition for every kind of probe that asks a port, and that definition wants one', () => {
    for (const kind of probeKinds.keys()) {
      const definition = definitions[`${kind}_probe`];
      expect(definition?.properties.kind, kind).toEqual({ const: kind });
      expect(definition?.required, kind).toContain('port');
    }
  });

  it('has the aspects of a LiveKit server that arc looks at', () => {
    expect(definitions.livekit_probe?.properties.aspect?.enum).toEqual(aspectNames);
  });
});

describe('src/providers/', () => {
  it('has a folder for every provider, with what it is and the schema of its probe', () => {
    const root = join(repository, 'src/providers');
    const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name).sort()).toEqual(providers.map(({ name }) => name).sort());
    for (const { name } of folders)
      for (const file of ['provider.ts', 'probe.schema.json'])
        expect(existsSync(join(root, name, file)), `${name}/${file}`).toBe(true);
  });
});
