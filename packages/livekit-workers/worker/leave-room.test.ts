import { describe, expect, it } from 'vitest';
import { leaveRoom } from './leave-room.ts';

describe('leaving a room', () => {
  it('waits for the server', async () => {
    let hasLeft = false;
    await leaveRoom({
      disconnect: async () => {
        await Promise.resolve();
        hasLeft = true;
      },
    });
    expect(hasLeft).toBe(true);
  });

  it('goes on where the library never answers', async () => {
    await expect(leaveRoom({ disconnect: () => new Promise(() => {}) }, 10)).resolves.toBeUndefined();
  });

  it('goes on where the connection is lost', async () => {
    await expect(leaveRoom({ disconnect: () => Promise.reject(new Error('lost')) })).resolves.toBeUndefined();
  });
});
