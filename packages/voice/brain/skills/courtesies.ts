import { type Skill, say } from './skill.ts';

export const greeting: Skill = {
  name: 'greeting',
  ability: 'say hello',
  examples: ['hello', 'hi there', 'good morning'],
  words: /^(hello|hi|hey|good (morning|evening|afternoon))\b[\s\w]{0,12}$/u,
  answer: async () => say('Hello. What would you like to know?'),
};

export const thanks: Skill = {
  name: 'thanks',
  ability: 'take thanks',
  examples: ['thank you', 'thanks a lot', 'that is all, goodbye'],
  words: /^(thanks|thank you|goodbye|bye)\b/u,
  answer: async () => say('You are welcome.'),
};
