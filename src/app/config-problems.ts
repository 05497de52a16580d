import { posix } from 'node:path';
import { defined } from '../core/defined.ts';
import type { Problem } from '../core/errors.ts';
import { type ConfigFile, checkConfigFiles } from '../manifest/check-config.ts';
import { anyFlavour } from '../manifest/flavours.ts';
import type { ContainerManifest, Manifests, WorkspaceManifest } from '../manifest/model.ts';
import type { FlavourManifest } from '../manifest/model-flavours.ts';
import { drawBlueprint } from '../render/blueprint.ts';
import { type ConfigText, configTexts, textWithHeader } from '../render/config.ts';
import { bodyOf, isIntact } from '../render/header.ts';
import { privateConfigFolder } from '../stack/config.ts';
import type { BootableStack } from '../stack/model.ts';
import type { Workspace } from '../workspace/load.ts';
import { templatesOf } from '../workspace/templates.ts';
import { serversOf } from './providers.ts';

/** Problems of the config files that containers would get: see {@link checkConfigFiles}, and those that providers find. */
export function configProblems(workspace: Pick<Workspace, 'manifests' | 'files'>): readonly Problem[] {
  const { manifests, files } = workspace;
  // A workspace to which no service has been added yet is valid, and has nothing to render.
  if (manifests.services.length === 0) return [];
  const drawing = { manifests, templates: templatesOf({ manifests, files }), services: [] };
  const { stack } = drawBlueprint(drawing);
  const others = [...flavoursWithFiles(manifests)].map(
    (flavour) => drawBlueprint({ ...drawing, flavour }).stack,
  );
  const rendered = [stack, ...others].flatMap(({ containers }) => configTexts(containers));
  const { problems } = checkConfigFiles({ manifests, files: configsToCheck({ manifests, rendered, files }) });
  return [...problems, ...serverProblems({ stack, rendered, files })];
}

/** The flavours that may run and have config files that their containers do not have as they are written. */
function flavoursWithFiles({ services, workspace }: Manifests): ReadonlySet<string> {
  const containers = services.flatMap((service) => [service, ...service.sidecars]);
  return new Set(
    containers.flatMap((container) => {
      const own = new Set(container.config.map(({ file }) => file));
      return possibleFlavours(container, workspace).flatMap(({ name, form }) =>
        form?.config.some(({ file }) => !own.has(file)) ? [name] : [],
      );
    }),
  );
}

function serverProblems(options: {
  stack: BootableStack;
  rendered: readonly ConfigText[];
  files: ReadonlyMap<string, string | Uint8Array>;
}): readonly Problem[] {
  const { stack, rendered, files } = options;
  const byPath = new Map(rendered.toReversed().map((text) => [text.path, text]));
  return serversOf(stack).flatMap(({ provider, server: { role, name } }) => {
    const { config = [], resources } = stack.containers.find((one) => one.role === role) ?? {};
    const texts = config.flatMap(({ file: path }) => {
      const text = usedText({ found: files.get(path), text: byPath.get(path) });
      return typeof text === 'string' ? [{ path, text }] : [];
    });
    return provider.configProblems?.({ name, role, files: texts, ...defined({ shm: resources?.shm }) }) ?? [];
  });
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
  // Containers as they are written come first, and each file counts as they have it.
  const byPath = new Map(rendered.toReversed().map((text) => [text.path, text]));
  return manifests.services.flatMap((service) =>
    [
      ...[service, ...service.sidecars].flatMap((container) => [
        { container },
        ...possibleFlavours(container, manifests.workspace).flatMap(({ form }) =>
          form === undefined ? [] : [{ container: form, form }],
        ),
      ]),
      ...service.jobs.map((container) => ({ container })),
    ].flatMap(({ container, ...form }) =>
      container.config.flatMap(({ file, schema }) => {
        if (schema === undefined) return [];
        const path = `${service.folder}/${file}`;
        const found = files.get(path);
        const text =
          byPath.get(path) ?? byPath.get(`${privateConfigFolder}/${posix.basename(service.folder)}/${file}`);
        const expected = text === undefined ? undefined : expectedText({ ...text, found });
        const content = usedText({ found, text });
        if (content === undefined) return [];
        return [
          {
            file: path,
            role: container.role,
            ...form,
            schema,
            content,
            ...(expected === undefined ? {} : { expected }),
          },
        ];
      }),
    ),
  );
}

/** A file as it is used: as it is on disk, where somebody has edited it, else as it would be generated. */
function usedText(options: {
  found: string | Uint8Array | undefined;
  text: ConfigText | undefined;
}): string | Uint8Array | undefined {
  const { found, text } = options;
  const expected = text === undefined ? undefined : expectedText({ ...text, found });
  return typeof found === 'string' && isReplaced(found, expected) ? expected : (found ?? expected);
}

/** Whether arc will rewrite a file on disk. Usually the file equals what arc would generate, so no hash is needed. */
function isReplaced(found: string, expected: string | undefined): expected is string {
  return expected !== undefined && (expected === found || isIntact(found));
}

/** The flavours that arc.yaml allows besides the container as it is written, whose files are committed. */
function possibleFlavours(
  { role, flavours = [] }: ContainerManifest,
  workspace: WorkspaceManifest,
): readonly FlavourManifest[] {
  const policy = workspace.flavour_overrides[role] ?? workspace.flavours;
  return policy === anyFlavour ? flavours : flavours.filter(({ name }) => name === policy);
}

/** The file as it would be generated, which is most often how it was found. */
function expectedText(options: ConfigText & { found: string | Uint8Array | undefined }): string {
  const { found, body } = options;
  return typeof found === 'string' && bodyOf(found) === body ? found : textWithHeader(options);
}
