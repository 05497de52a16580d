import type Docker from 'dockerode';

/** Removes images of arc that have lost their tag to a newer one, and that no container uses. */
export async function pruneReplacedImages(docker: Docker): Promise<void> {
  await docker.pruneImages({ filters: { dangling: ['true'], label: ['arc.image.inputs'] } });
}
