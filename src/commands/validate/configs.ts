import type { ConfigFile } from '../../manifest/check-config.ts';
import type {
  ContainerManifest,
  EmbeddedManifest,
  Manifests,
  WorkspaceManifest,
} from '../../manifest/model.ts';
import type { ConfigText } from '../../render/config.ts';
import { bodyOf, withHeader } from '../../render/header.ts';

/**
 * The config files whose upstream's fields arc knows: as they are on disk, where they are there, else as they would
 * be generated.
 */
export function configsToCheck(options: {
  manifests: Manifests;
  rendered: readonly ConfigText[];
  files: ReadonlyMap<string, string | Uint8Array>;
}): readonly ConfigFile[] {
  const { manifests, rendered, files } = options;
  const byPath = new Map(rendered.map((text) => [text.path, text]));
  return manifests.services.flatMap((service) =>
    [
      ...[service, ...service.sidecars].flatMap((container) => formsOf(container, manifests.workspace)),
      ...service.jobs,
    ].flatMap(({ role, config }) =>
      config.flatMap(({ file, schema }) => {
        if (schema === undefined) return [];
        const path = `${service.folder}/${file}`;
        const found = files.get(path);
        const text = byPath.get(path);
        const expected = text === undefined ? undefined : expectedText({ ...text, found });
        const content = found ?? expected;
        if (content === undefined) return [];
        return [{ file: path, role, schema, content, ...(expected === undefined ? {} : { expected }) }];
      }),
    ),
  );
}

/** A container in each of its flavours that may run. */
function formsOf(
  container: ContainerManifest,
  { flavours, flavour_overrides }: WorkspaceManifest,
): readonly EmbeddedManifest[] {
  const policy = flavour_overrides[container.role] ?? flavours;
  return container.flavours === undefined || policy === 'upstream'
    ? [container]
    : [container, container.flavours.embedded];
}

/** The file as it would be generated: most often that is how it was found, and nothing has to be hashed. */
function expectedText(options: ConfigText & { found: string | Uint8Array | undefined }): string {
  const { found, template, body } = options;
  return typeof found === 'string' && bodyOf(found) === body
    ? found
    : withHeader({ source: template, text: body });
}
