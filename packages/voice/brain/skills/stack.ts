import { type Skill, say } from './skill.ts';
import { count, list } from './speech-text.ts';

export const time: Skill = {
  name: 'time',
  ability: 'tell the time',
  examples: ['what time is it', 'tell me the time', 'what is the date today'],
  doubt: 'Did you ask for the time?',
  words: /\b(what time|the time|what day|the date)\b/u,
  answer: async (_, facts) => {
    const now = facts.now();
    const at = now.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });
    const day = now.toLocaleDateString('en-GB', {
      weekday: 'long',
      day: 'numeric',
      month: 'long',
      timeZone: 'UTC',
    });
    return say(`It is ${at} U T C, on ${day}.`, 'clock');
  },
};

const gaps = {
  'no-metrics': 'Without metrics I cannot know of others.',
  'metrics-away': 'The metrics are away, so I cannot know of others.',
  'heartbeats-not-yet': 'I have not heard from the others yet.',
} as const;

export const health: Skill = {
  name: 'health',
  ability: 'say how the stack is doing',
  examples: [
    'is the stack healthy',
    'are all services running',
    'how is the system doing',
    'is anything broken',
  ],
  doubt: 'Did you ask how the stack is doing?',
  words:
    /\b(healthy|unhealthy|health|services? ((is|are) )?(running|up|down|fine|okay)|broken|any(thing)? wrong|how (is|are) (the )?(stack|system|services))\b/u,
  answer: async (_, facts) => {
    const known = await facts.services();
    if (known === undefined) return say('I cannot know: no service has told me yet how it is.', 'services');
    const { all, gap } = known;
    const unwell = all.filter(({ healthy }) => !healthy).map(({ name }) => name);
    const verdict =
      unwell.length === 0
        ? `Yes. All ${all.length} services${gap === undefined ? '' : ' that report'} are healthy.`
        : `No. ${list(unwell)} ${unwell.length === 1 ? 'is' : 'are'} not healthy.`;
    return say(gap === undefined ? verdict : `${verdict} ${gaps[gap]}`, 'services');
  },
};

export const rooms: Skill = {
  name: 'rooms',
  ability: 'say who is in which room',
  examples: ['which rooms are open', 'who is in the room', 'how many people are connected', 'list the rooms'],
  doubt: 'Did you ask which rooms are open?',
  words:
    /\b((which|what|list|count|show|many|any|open|who is in)\b.*\brooms?|rooms are|who is (here|connected)|how many (people|participants))\b(?!.*\brecord)/u,
  answer: async (_, facts) => {
    const all = await facts.rooms();
    const people = all.reduce((sum, room) => sum + room.people.length, 0);
    if (all.length === 0) return say('No room is open.', 'rooms');
    const open = count(all.length, 'room');
    const first = `${open.charAt(0).toUpperCase()}${open.slice(1)} ${all.length === 1 ? 'is' : 'are'} open`;
    return say(
      `${first}, with ${people === 1 ? 'one person' : `${count(people, 'person').replace('persons', 'people')}`}.`,
      'rooms',
    );
  },
};

export const streams: Skill = {
  name: 'streams',
  ability: 'say which streams come in',
  examples: ['which streams are live', 'is anybody streaming', 'list the ingress'],
  doubt: 'Did you ask which streams are live?',
  words: /\b(streams?|streaming|ingress)\b/u,
  answer: async (_, facts) => {
    const live = (await facts.streams()).filter((stream) => stream.live).map(({ name }) => name);
    return say(
      live.length === 0 ? 'No stream is live.' : `${count(live.length, 'stream')} live: ${list(live)}.`,
      'streams',
    );
  },
};
