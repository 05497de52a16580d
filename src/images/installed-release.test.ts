import { describe, expect, it } from 'vitest';
import { imageInUse, releaseFromLabels, releaseReference } from './installed-release.ts';

const wrapper = 'ghcr.io/arc-framework/arc-cache:latest';
const digest = `sha256:${'a1'.repeat(32)}`;
const released = `ghcr.io/arc-framework/arc-cache@${digest}`;
const labels = {
  'org.opencontainers.image.version': 'v0.1.0',
  'org.opencontainers.image.revision': 'c0ffee',
};

describe('the image that a container is made from', () => {
  it('is the wrapper, as long as it was not rolled back', () => {
    expect(imageInUse({ wrapper, container: undefined })).toBe(wrapper);
    expect(imageInUse({ wrapper, container: wrapper })).toBe(wrapper);
    // As the Engine calls it once the wrapper was built anew.
    expect(imageInUse({ wrapper, container: digest })).toBe(wrapper);
  });

  it('is that of a release where it was', () => {
    expect(releaseReference({ wrapper, digest })).toBe(released);
    expect(imageInUse({ wrapper, container: released })).toBe(released);
  });

  it('is the wrapper again where the manifest names another image than the release is of', () => {
    expect(imageInUse({ wrapper: 'ghcr.io/else/arc-cache:latest', container: released })).toBe(
      'ghcr.io/else/arc-cache:latest',
    );
  });
});

describe('the release that an image is', () => {
  it('is on its labels', () => {
    expect(releaseFromLabels({ reference: released, labels })).toEqual({
      version: 'v0.1.0',
      revision: 'c0ffee',
      digest,
    });
  });

  it('is none where the image was built here, whatever labels its base has left it', () => {
    expect(releaseFromLabels({ reference: wrapper, labels })).toBeUndefined();
    expect(releaseFromLabels({ reference: released, labels: {} })).toBeUndefined();
  });
});
