import type { Problem } from '../core/errors.ts';
import { type ConfigFile, checkConfigFiles } from '../manifest/check-config.ts';
import type { ContainerManifest, EmbeddedManifest, Manifests, WorkspaceManifest } from '../manifest/model.ts';
import { drawBlueprint } from '../render/blueprint.ts';
import { type ConfigText, configTexts } from '../render/config.ts';
import { bodyOf, isIntact, withHeader } from '../render/header.ts';
import type { Workspace } from '../workspace/load.ts';
import { templatesOf } from '../workspace/templates.ts';

/** Problems of the config files that containers would get: see {@link checkConfigFiles}. */
export function configProblems(workspace: Pick<Workspace, 'manifests' | 'files'>): readonly Problem[] {
  const { manifests, files } = workspace;
  return checkConfigFiles({
    manifests,
    files: configsToCheck({ manifests, rendered: rendered(workspace), files }),
  }).problems;
}

/** A workspace to which no service has been added yet is valid, and has nothing to render. */
function rendered({ manifests, files }: Pick<Workspace, 'manifests' | 'files'>): readonly ConfigText[] {
  if (manifests.services.length === 0) return [];
  const { stack } = drawBlueprint({ manifests, templates: templatesOf({ manifests, files }), services: [] });
  return configTexts(stack.containers);
}

/**
 * The config files of upstreams whose fields arc knows: the edited file if a person edited it, else the file that arc
 * would generate. arc never uses a file on disk that is older than its template.
 */
function configsToCheck(options: {
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
        const content =
          typeof found === 'string' && isReplaced(found, expected) ? expected : (found ?? expected);
        if (content === undefined) return [];
        return [{ file: path, role, schema, content, ...(expected === undefined ? {} : { expected }) }];
      }),
    ),
  );
}

/** Whether arc will rewrite a file on disk. Usually the file equals what arc would generate, so no hash is needed. */
function isReplaced(found: string, expected: string | undefined): expected is string {
  return expected !== undefined && (expected === found || isIntact(found));
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

/** The file as it would be generated, which is most often how it was found. */
function expectedText(options: ConfigText & { found: string | Uint8Array | undefined }): string {
  const { found, template, body } = options;
  return typeof found === 'string' && bodyOf(found) === body
    ? found
    : withHeader({ source: template, text: body });
}
