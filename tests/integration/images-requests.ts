import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { ImageRequest } from '../../src/images/model.ts';
import type { FixedStep } from '../../src/images/recipes/fixed-step.ts';
import type { BasePolicy } from '../../src/manifest/model.ts';
import { dockerfileText } from '../../src/render/dockerfile.ts';
import type { ResolvedImage } from '../../src/stack/model.ts';

/** What a request needs of a manifest, as written. */
type Written = {
  role: string;
  image: string;
  upstream: string;
  user: string;
  recipe: readonly Partial<FixedStep>[];
  volumes?: readonly { target: string }[];
};

/** The request for a service's own image, from its real manifest and with its real recipe. */
export function requestFor(
  service: string,
  options: { policy: BasePolicy; reference?: string },
): ImageRequest {
  const file = new URL(`../../services/${service}/service.yaml`, import.meta.url);
  const written = parse(readFileSync(file, 'utf8')) as Written;
  const recipe = written.recipe.map((step) =>
    step.kind === 'go' ? { replace: {}, tags: [], ...step } : { links: {}, ...step },
  );
  return request({
    role: written.role,
    policy: options.policy,
    recipe: recipe as readonly FixedStep[],
    image: {
      reference: options.reference ?? written.image,
      upstream: written.upstream,
      user: written.user,
      owned: (written.volumes ?? []).map(({ target }) => target),
      labels: { 'arc.service.role': written.role },
    },
  });
}

/** A request with its Dockerfile. */
export function request(options: {
  role: string;
  policy: BasePolicy;
  image: Omit<ResolvedImage, 'dockerfile' | 'folder' | 'recipe'>;
  recipe?: readonly FixedStep[];
}): ImageRequest {
  const { role, policy, recipe } = options;
  const image: ResolvedImage = {
    ...options.image,
    dockerfile: 'Dockerfile',
    folder: `services/${role}`,
  };
  return { role, policy, image, dockerfile: dockerfileText(image), ...(recipe ? { recipe } : {}) };
}
