import { type Skill, say } from './skill.ts';

/** Longer than this and a person believes that nobody is there. */
const patience = 1500;

/** What the documentation of this stack says. It comes before what acts: "how do I record a room" asks, and orders nothing. */
export const docs: Skill = {
  name: 'docs',
  ability: 'look things up in the documentation',
  // Compared with nothing: "how do I …" may go on with anything.
  examples: [],
  doubt: 'Shall I look that up in the documentation?',
  words:
    /\b(how (do|can|could|should|would|must) (i|we|you|one)|how to|(can|could) you explain|explain (how|what|why)|what happens (if|when)|where (do|can) (i|we) (find|see|set|change|read)|(documentation|docs|manual) (say|says|about|for|on|of))\b/u,
  answer: async ({ text }, facts) => {
    const found = await facts
      .search(text, AbortSignal.timeout(patience))
      .catch(() => ({ kind: 'away' }) as const);
    switch (found.kind) {
      case 'found':
        // The page's name first: so it is never, word for word, a question that a yes would answer.
        return say(`The page ${found.page} says: ${found.sentence}`, 'docs');
      case 'nothing':
        return say('I find nothing about that in the documentation.', 'docs');
      case 'reading':
        return say('I am still reading the documentation. Ask me again in a minute.', 'docs');
      case 'away':
        return say('I cannot search the documentation now.', 'docs');
      default:
        return found satisfies never;
    }
  },
};
