import schema from '../../../schemas/service.schema.json' with { type: 'json' };
import { defined } from '../../core/defined.ts';
import type { RecipeStep } from '../model-recipe.ts';
import { member } from '../yaml/tree.ts';
import {
  choice,
  flag,
  optionalText,
  optionalTexts,
  type Part,
  partsOf,
  text,
  textRecord,
  texts,
} from './read.ts';

const debian = schema.$defs.debian_step.properties;
const goModule = schema.$defs.go_module_step.properties;

/** The steps of a container's recipe; undefined if it has none. */
export function buildRecipe(part: Part): readonly RecipeStep[] | undefined {
  return member(part.node, 'recipe') === undefined ? undefined : partsOf(part, 'recipe').map(buildStep);
}

function buildStep({ node }: Part): RecipeStep {
  const kind = choice({
    node,
    key: 'kind',
    choices: ['go', 'go-module', 'collector', 'debian', 'npm', 'python', 'pypi', 'maven', 'documentation'],
  });
  switch (kind) {
    case 'go':
      return {
        kind,
        package: text(node, 'package'),
        version: text(node, 'version'),
        target: text(node, 'target'),
        replace: textRecord(node, 'replace'),
        tags: texts(node, 'tags'),
      };
    case 'go-module':
      return {
        kind,
        folder: text(node, 'folder'),
        package: text(node, 'package', goModule.package.default),
        target: text(node, 'target'),
        tags: texts(node, 'tags'),
        variables: textRecord(node, 'variables'),
      };
    case 'collector':
      return {
        kind,
        version: text(node, 'version'),
        target: text(node, 'target'),
        receivers: texts(node, 'receivers'),
        exporters: texts(node, 'exporters'),
        processors: texts(node, 'processors'),
        extensions: texts(node, 'extensions'),
        connectors: texts(node, 'connectors'),
        providers: texts(node, 'providers'),
        replace: textRecord(node, 'replace'),
      };
    case 'debian':
      return {
        kind,
        suite: text(node, 'suite', debian.suite.default),
        packages: texts(node, 'packages'),
        variant: choice({
          node,
          key: 'variant',
          choices: ['minbase', 'extract'],
          fallback: debian.variant.default,
        }),
        links: textRecord(node, 'links'),
      };
    case 'npm':
      return {
        kind,
        folder: text(node, 'folder'),
        target: text(node, 'target'),
        ...defined({ node: optionalText(node, 'node'), leave_out: optionalTexts(node, 'leave_out') }),
      };
    case 'python':
      return {
        kind,
        folder: text(node, 'folder'),
        target: text(node, 'target'),
        python: text(node, 'python'),
        ...defined({
          leave_out: optionalTexts(node, 'leave_out'),
          python_in_release_base: optionalText(node, 'python_in_release_base'),
        }),
      };
    case 'pypi':
      return {
        kind,
        package: text(node, 'package'),
        version: text(node, 'version'),
        hashes: texts(node, 'hashes'),
        programs: textRecord(node, 'programs'),
        ...defined({ files: optionalRecord(node, 'files'), python: optionalText(node, 'python') }),
        ...inReleaseBase(node),
      };
    case 'maven':
      return {
        kind,
        artifacts: textRecord(node, 'artifacts'),
        ...defined({
          lock: optionalText(node, 'lock'),
          target: optionalText(node, 'target'),
          files: optionalRecord(node, 'files'),
          leave_out: optionalTexts(node, 'leave_out'),
        }),
        ...inReleaseBase(node),
      };
    case 'documentation':
      return { kind, pages: texts(node, 'pages'), target: text(node, 'target') };
    default:
      return kind satisfies never;
  }
}

function inReleaseBase(node: Part['node']): { in_release_base?: true } {
  return flag(node, 'in_release_base', false) ? { in_release_base: true } : {};
}

function optionalRecord(node: Part['node'], key: string): Readonly<Record<string, string>> | undefined {
  return member(node, key) === undefined ? undefined : textRecord(node, key);
}
