import type { BasePolicy } from '../manifest/model.ts';
import type { ImageRequest } from './model.ts';

/** A job runs the image of its service, so the policy of the first container with an image holds for all of them. */
export function withOnePolicyEach(requests: readonly ImageRequest[]): readonly ImageRequest[] {
  const policies = new Map<string, BasePolicy>();
  return requests.map((request) => {
    const { reference } = request.image;
    const policy = policies.get(reference) ?? request.policy;
    policies.set(reference, policy);
    return { ...request, policy };
  });
}
