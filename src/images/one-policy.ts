import type { BasePolicy } from '../manifest/model.ts';
import type { ImageRequest } from './model.ts';

/** A job runs the image of its service: what is said of the first that runs an image holds for all that do. */
export function withOnePolicyEach(requests: readonly ImageRequest[]): readonly ImageRequest[] {
  const policies = new Map<string, BasePolicy>();
  return requests.map((request) => {
    const { reference } = request.image;
    const policy = policies.get(reference) ?? request.policy;
    policies.set(reference, policy);
    return { ...request, policy };
  });
}
