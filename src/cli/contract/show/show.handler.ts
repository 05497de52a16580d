import { brokersOf } from '../../../app/contract/brokers.ts';
import { asyncapiOf } from '../../../contracts/asyncapi.ts';
import { avroOfMessage } from '../../../contracts/avro.ts';
import { jsonSchemaOf } from '../../../contracts/json-schema.ts';
import { exitStatus } from '../../../core/errors.ts';
import type { Manifests } from '../../../manifest/model.ts';
import { loadWorkspace } from '../../../workspace/load.ts';
import type { Handler } from '../../cli.ts';
import { findMessage, unknownMessage } from '../find-message.ts';
import { describeMessage } from './describe.ts';
import type { Format } from './formats.ts';

/** One message in words, or a document of it or of its domain. */
export const showContract: Handler<{ name: string; format?: Format }> = async ({ name, format }, cli) => {
  const { manifests } = await loadWorkspace({ cwd: cli.cwd });
  const { contracts } = manifests;
  if (format === undefined) {
    const message = findMessage(contracts, name);
    const { location: _, ...data } = message;
    cli.result({ data: { message: data }, text: () => describeMessage({ contracts, message }) });
    return exitStatus.done;
  }
  const document = documentOf({ manifests, name, format });
  cli.result({
    data: { document },
    text: () => JSON.stringify(document, null, 2),
    isForPrograms: true,
  });
  return exitStatus.done;
};

function documentOf(options: { manifests: Manifests; name: string; format: Format }): unknown {
  const { manifests, name, format } = options;
  const { contracts } = manifests;
  switch (format) {
    case 'json-schema':
      return jsonSchemaOf(findMessage(contracts, name));
    case 'avro':
      return avroOfMessage(findMessage(contracts, name));
    case 'asyncapi': {
      const domain = contracts.domains.find((candidate) => candidate.name === name);
      if (domain === undefined)
        throw unknownMessage(
          contracts,
          name,
          contracts.domains.map((candidate) => candidate.name),
        );
      return asyncapiOf({ contracts, domain, brokers: brokersOf(manifests) });
    }
    default:
      return format satisfies never;
  }
}
