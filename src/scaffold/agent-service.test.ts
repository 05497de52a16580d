import { describe, expect, it } from 'vitest';
import { parseManifests } from '../manifest/parse.ts';
import { agentNeeds, agentService } from './agent-service.ts';
import { readBuiltin } from './builtin.ts';

describe('the service of a custom agent', () => {
  it('is valid beside the built-in services that it needs, and boots with them', async () => {
    const builtin = await readBuiltin();
    const files = new Map([...builtin.files, ...(await agentService({ name: 'guide' }))]);
    const { manifests, problems } = parseManifests({ files });
    expect(problems).toEqual([]);
    const guide = manifests?.services.find(({ role }) => role === 'guide');
    expect(guide?.depends_on.map(({ role }) => role).toSorted()).toEqual(agentNeeds.toSorted());
  });

  it('has every file that its program imports', async () => {
    const files = await agentService({ name: 'guide' });
    for (const [path, text] of files)
      for (const [, imported = ''] of text.matchAll(/from '(\.[^']+)'/g)) {
        const { pathname } = new URL(imported, `file:///${path}`);
        expect([...files.keys()], `${path} imports ${imported}`).toContain(pathname.slice(1));
      }
    expect([...files.values()].join('\n')).not.toMatch(/\bNAME\b/);
  });

  it('is the same program whatever it is called', async () => {
    const programOf = async (name: string) =>
      [...(await agentService({ name }))].flatMap(([path, text]) =>
        path.includes('/program/') ? [[path.replace(name, ''), text]] : [],
      );
    expect(await programOf('guide')).toEqual(await programOf('host'));
  });
});
