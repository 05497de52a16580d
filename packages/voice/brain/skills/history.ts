import { type Reply, type Skill, say } from './skill.ts';
import { list } from './speech-text.ts';

/** How many turns of before are told. */
const told = 2;

/** As the platform has it: the last five turns are what a conversation stands on. */
export const remembered = 5;

const about = /\babout (?<topic>.+)$/u;

/** What somebody said is told to nobody else. */
export const others: Skill = {
  name: 'others',
  ability: 'keep to myself what others have said',
  examples: [
    'what did my colleague ask you',
    'tell me what the others said',
    'what did the last caller want',
  ],
  words:
    /\b(what (did|has|have|had) (?!(i|we|you)\b).{1,40}\b(ask|asked|say|said|tell|told|talk|talked|want|wanted)|(history|turns|questions|conversations?) of (?!(me|mine)\b))/u,
  answer: async () => say('I tell nobody what somebody else has said.'),
};

/** What this person said before, and nobody else. */
export const history: Skill = {
  name: 'history',
  ability: 'say what you have asked before',
  examples: [
    'what did i ask you before',
    'what was my last question',
    'do you remember what we talked about',
  ],
  doubt: 'Did you ask what you have asked me before?',
  words:
    /\b(what (did|have|had) (i|we) (ask|asked|say|said|talk|talked)|my (last|previous) question|do you remember)\b/u,
  answer: async ({ text, user, session, trace }, facts) => {
    if (user === '') return say('I do not know who you are, so I remember nothing of you.');
    const topic = about.exec(text.toLowerCase().replaceAll(/[?.!]/gu, ''))?.groups?.topic;
    const found = await facts.recall({
      about: { user, session, trace },
      reason: 'asked_by_user',
      most: remembered,
      ...(topic === undefined ? {} : { like: topic }),
    });
    if (found === undefined) return say('I keep no history in this stack.', 'history');
    if (found.length === 0) return say('You have not asked me anything before.', 'history');
    return toldOf(found.map(({ said }) => said));
  },
};

function toldOf(said: readonly string[]): Reply {
  const different = [...new Set(said.map((text) => text.replace(/[?.!]+$/u, '')))].slice(0, told);
  return say(`You said: ${list(different.map((text) => `"${text}"`))}.`, 'history');
}
