import type { ProbeManifest } from '../model-checks.ts';
import { applicableShape } from '../schema/check.ts';
import { manifestSchemas } from '../schema/load.ts';
import type { YamlNode } from '../yaml/tree.ts';
import { plainData } from './plain.ts';
import { optionalText, text } from './read.ts';

const document = manifestSchemas.service;
const schema = { $ref: '#/$defs/probe' };

/** A probe of whichever kind: the schema says which fields it has. One of no kind has been found to be wrong. */
export function buildProbe(node: YamlNode | undefined): ProbeManifest {
  const known = node && applicableShape({ shapes: document.shapes, schema, node });
  if (known === undefined || node?.kind !== 'mapping') return { kind: 'container', fields: {} };
  const port = optionalText(node, 'port');
  const fields = Object.entries(plainData({ document, schema, node }) ?? {});
  return {
    kind: text(node, 'kind'),
    ...(port === undefined ? {} : { port }),
    fields: Object.fromEntries(fields.filter(([name]) => name !== 'kind' && name !== 'port')),
  };
}
