import { describe, expect, it } from 'vitest';
import { formatAgents } from './format-agents.ts';

const columns = 120;
const info = { name: '', conversations: 1, sdk: '1.9.0' };
const workers = [
  { role: 'agent', container: 'arc-agent', info },
  { role: 'guide', container: 'arc-guide', away: 'GET http://127.0.0.1:8081/: connection refused' },
];
const createdAt = new Date(0);

describe('the list of agents', () => {
  it('says of each worker whether it takes conversations', () => {
    const text = formatAgents({ workers, rooms: [], columns });
    expect(text).toMatch(/^arc-agent +\(every room\) +1 +registered$/m);
    expect(text).toMatch(/^arc-guide +GET http:\/\/127.0.0.1:8081\/: connection refused$/m);
    expect(text).toContain('No room is open.');
  });

  it('has every agent of a room, also one of somebody else, and an order that nobody took', () => {
    const rooms = [
      {
        room: 'demo',
        people: 2,
        agents: [
          { identity: 'agent-1', job: 'AJ_1', name: '', state: 'listening' },
          { identity: 'stranger' },
        ],
        dispatches: [{ id: 'AD_2', name: 'nobody', createdAt }],
      },
      { room: 'empty', people: 1, agents: [], dispatches: [] },
    ];
    const text = formatAgents({ workers, rooms, columns });
    expect(text).toMatch(/^demo +2 +agent-1 +AJ_1 +listening$/m);
    expect(text).toMatch(/^demo +2 +stranger +there$/m);
    expect(text).toMatch(/^demo +2 +nobody +sent for, and no worker took it$/m);
    expect(text).toMatch(/^empty +1 +no agent$/m);
  });

  it('says whom it cannot have', () => {
    expect(formatAgents({ workers: [], rooms: [], columns })).toMatch(
      /No worker of this project runs.*LiveKit has no list of workers/s,
    );
  });
});
