import type { ConfigFile } from '../../manifest/check-config.ts';
import type { Manifests } from '../../manifest/model.ts';
import type { Artefact } from '../../render/artefact.ts';

/**
 * The config files whose upstream's fields arc knows: as they are on disk, where they are there, else as they would
 * be generated.
 */
export function configsToCheck(options: {
  manifests: Manifests;
  artefacts: readonly Artefact[];
  files: ReadonlyMap<string, string | Uint8Array>;
}): readonly ConfigFile[] {
  const { manifests, artefacts, files } = options;
  const generated = new Map(artefacts.map(({ path, text }) => [path, text]));
  return manifests.services.flatMap((service) =>
    [service, ...service.sidecars, ...service.jobs].flatMap(({ role, config }) =>
      config.flatMap(({ file, schema }) => {
        const path = `${service.folder}/${file}`;
        const expected = generated.get(path);
        const content = files.get(path) ?? expected;
        if (schema === undefined || content === undefined) return [];
        return [{ file: path, role, schema, content, ...(expected === undefined ? {} : { expected }) }];
      }),
    ),
  );
}
