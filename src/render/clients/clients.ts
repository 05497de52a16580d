import type { Contracts, Message } from '../../contracts/model.ts';
import type { Artefact } from '../artefact.ts';
import { withHeader } from '../header.ts';
import { goModule } from './go.ts';
import { type ClientModule, moduleName } from './names.ts';
import { pythonModule } from './python.ts';
import { typescriptModule } from './typescript.ts';

/** The languages that typed clients are generated in. */
export const clientLanguages = ['typescript', 'python', 'go'] as const;
export type ClientLanguage = (typeof clientLanguages)[number];

/** The folder of a language's generated files. What they import is written by hand, and lies beside and above it. */
export function clientFolder(language: ClientLanguage): string {
  return {
    typescript: 'packages/contracts/typescript/events',
    python: 'packages/contracts/python/arc_contracts/events',
    go: 'packages/contracts/go/events',
  }[language];
}

/** The generated files of clients: a module for each file of contracts that has messages. */
export function clientFiles(options: {
  contracts: Contracts;
  languages: readonly ClientLanguage[];
}): readonly Artefact[] {
  const { contracts, languages } = options;
  const modules = contracts.domains
    .map(({ name, file }) => ({
      domain: name,
      source: file,
      messages: contracts.messages.filter(({ domain }) => domain === name),
    }))
    .filter(({ messages }) => messages.length > 0);
  return languages.flatMap((language) =>
    modules.map((module) => clientFile({ language, module, all: contracts.messages })),
  );
}

function clientFile(options: {
  language: ClientLanguage;
  module: ClientModule;
  all: readonly Message[];
}): Artefact {
  const { language, module, all } = options;
  const { source } = module;
  const folder = clientFolder(language);
  const name = moduleName(module.domain);
  switch (language) {
    case 'typescript': {
      const text = typescriptModule(module, all);
      return { path: `${folder}/${name}.ts`, text: withHeader({ source, text, comment: '//' }) };
    }
    case 'python':
      return { path: `${folder}/${name}.py`, text: withHeader({ source, text: pythonModule(module, all) }) };
    case 'go': {
      const text = `\n${goModule(module)}`;
      return { path: `${folder}/${name}/${name}.go`, text: withHeader({ source, text, comment: '//' }) };
    }
    default:
      return language satisfies never;
  }
}
