import { Annotation, END, START, StateGraph } from '@langchain/langgraph';
import type { Spans } from '../../spans/spans.ts';
import type { Facts } from './facts/facts.ts';
import type { thinker } from './llm/think.ts';
import { abilities, unknown } from './skills/all.ts';
import { type Question, type Reply, type Skill, say } from './skills/skill.ts';
import type { understander } from './understand.ts';

/** How long a turn may take before the person hears that it does not work. Source: the platform's failure table. */
const patience = 2000;

const yes = /^(yes|yeah|yep|sure|ok|okay|please do|go ahead|do it)\b/u;
const no = /^(no|nope|don't|do not|cancel|stop)\b/u;
const help = /\b(what can you do|help me|your abilities|what do you know)\b/u;

/** Intents that nothing has to be known for. */
const wordsOnly = ['declined', 'abilities', 'unknown', 'unsure', 'misheard'];

/** What the graph carries from node to node. */
const State = Annotation.Root({
  question: Annotation<Question>,
  onText: Annotation<(piece: string) => void>,
  intent: Annotation<string>,
  /** What is asked back. */
  doubt: Annotation<string | undefined>,
  reply: Annotation<Reply | undefined>,
});

/**
 * How a question becomes an answer: what it means, what has to be known or done for it, what is said. Where it is not
 * sure what was meant, it asks back.
 */
export function answerer(options: {
  skills: readonly Skill[];
  understand: ReturnType<typeof understander>['understand'];
  facts: Facts;
  /** Each stage of an answer is one. */
  spans: Pick<Spans, 'within'>;
  /** Thinks in place of the skills, which are its tools then. Consent stays a matter of words. */
  think?: ReturnType<typeof thinker> | undefined;
}): (given: {
  question: Question;
  onText: (piece: string) => void;
}) => Promise<{ reply: Reply; intent: string }> {
  const { skills, understand, facts, think, spans } = options;
  const byName = new Map(skills.map((skill) => [skill.name, skill]));
  const graph = new StateGraph(State)
    .addNode('understand', async ({ question }, { signal }) => {
      const text = question.text.toLowerCase().trim();
      const doubted = skills.find(({ doubt }) => doubt !== undefined && question.before.trim() === doubt);
      if (doubted !== undefined && yes.test(text)) return { intent: doubted.name };
      if (doubted !== undefined && no.test(text)) return { intent: 'misheard' };
      if (asksForConsent(skills, question) !== undefined) {
        if (yes.test(text)) return { intent: 'agreed' };
        if (no.test(text)) return { intent: 'declined' };
      }
      if (think !== undefined) return { intent: 'thought' };
      if (help.test(text)) return { intent: 'abilities' };
      const meaning = await spans.within({ name: 'brain.intent' }, async (span) => {
        const found = await understand(question.text, signal ?? AbortSignal.timeout(patience));
        span.set({
          'arc.intent': found?.skill.name ?? 'unknown',
          'arc.certainty': found?.certainty ?? 'none',
        });
        return found;
      });
      if (meaning === undefined) return { intent: 'unknown' };
      const { skill, certainty } = meaning;
      const isSure = certainty === 'words' || (certainty === 'likely' && skill.acts !== true);
      if (isSure || skill.doubt === undefined) return { intent: skill.name };
      return { intent: 'unsure', doubt: skill.doubt };
    })
    .addNode('act', async ({ question, intent, onText }) => {
      if (intent === 'thought' && think !== undefined)
        return { reply: await spans.within({ name: 'llm.inference' }, () => think({ question, onText })) };
      const work =
        intent === 'agreed' ? asksForConsent(skills, question)?.agreed : byName.get(intent)?.answer;
      const tool = { name: `brain.tool ${intent}`, attributes: { 'gen_ai.tool.name': intent } };
      return { reply: await spans.within(tool, async () => (await work?.(question, facts)) ?? unknown) };
    })
    .addNode('say', async ({ intent, doubt }) => ({ reply: spoken({ skills, intent, doubt }) }))
    .addEdge(START, 'understand')
    .addConditionalEdges('understand', ({ intent }) => (wordsOnly.includes(intent) ? 'say' : 'act'), [
      'act',
      'say',
    ])
    .addEdge('act', END)
    .addEdge('say', END)
    .compile();
  return async ({ question, onText }) => {
    // A model has limits of its own.
    const limit = think === undefined ? { signal: AbortSignal.timeout(patience) } : {};
    const { reply, intent } = await graph.invoke({ question, onText }, limit);
    return { reply: reply ?? unknown, intent };
  };
}

/** What is said without looking anything up. */
function spoken(given: { skills: readonly Skill[]; intent: string; doubt: string | undefined }): Reply {
  const { skills, intent, doubt } = given;
  if (intent === 'declined') return say('All right, I leave it.');
  if (intent === 'misheard') return say('Sorry. Please say it again.');
  if (intent === 'abilities') return say(abilities(skills));
  return intent === 'unsure' && doubt !== undefined ? say(doubt) : unknown;
}

/** What a yes stands for: the consent that was asked for last, and nothing older. */
function asksForConsent(skills: readonly Skill[], { before }: Question): Skill['consent'] {
  return skills.find(({ consent }) => consent !== undefined && before.trim() === consent.question)?.consent;
}
