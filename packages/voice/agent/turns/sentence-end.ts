/** Words that no sentence ends with. */
const neverLast = new Set(
  'a an and any are because but cannot could did do does each every had has have his i if is its may my nor or our shall should so than that the their these they those was we were what when whether which while who whose will would your'.split(
    ' ',
  ),
);

/** Words that a question may end with, and no other sentence: "Who is it for?" */
const seldomLast = new Set('about as at by for from in into of on to with'.split(' '));

/** What a turn can consist of. The detector hears short answers badly (livekit/agents#6415). */
const wholeTurns =
  /^(yes|yeah|yep|no|nope|please do|thanks|thank you|no thank you|no thanks|yes please|stop|goodbye|bye|hello|hi|hello there|hi there|good (morning|afternoon|evening)|never ?mind|leave it|go ahead)$/;

/** What people say before they say something. */
const opening =
  /^((okay|so|well|and|now|please|yes|hello|hi|hey) )*(so|well|now|and now|excuse me|by the way|listen|first|one (more|last) (question|thing)|(just )?a (quick )?question|before (we|i|you) \w+|let me ask you( something)?|if you can|i (was wondering|wonder|was asking myself|have a question)|have a look)$/;

const question =
  /^(so |and |well |okay |please |now )*(what|which|who|whom|whose|when|where|why|how|is|are|was|were|am|do|does|did|can|could|will|would|has|have|shall|should)\b/;
/** A question inside of a sentence ends with its verb: "Do you know what time it is?" */
const askedInside = /\b(what|which|who|when|where|why|how)\b.+ (am|is|are|was|were)$/;
const condition = /^(if|when|while|before|after|because|although|unless|since)\b/;

/**
 * What the text of a turn says of its end: `open` where its grammar wants more, `whole` where it is a question or an
 * answer that can stand alone. Pure.
 */
export function sentenceEnd(text: string): 'open' | 'whole' | 'unsure' {
  const said = text.trim().toLowerCase();
  if (/(,|-|–|—|:|…|\.\.\.)$/.test(said)) return 'open';
  const words = said
    .replaceAll(/[^a-z0-9' ]/g, ' ')
    .split(/\s+/)
    .filter(Boolean);
  const last = words.at(-1);
  if (last === undefined) return 'unsure';
  const bare = words.join(' ');
  if (wholeTurns.test(bare)) return 'whole';
  if (opening.test(bare)) return 'open';
  const asked = said.endsWith('?');
  if (/\b(ask|give|show|tell) me$/.test(bare)) return 'open';
  if (askedInside.test(bare)) return asked ? 'whole' : 'unsure';
  if (neverLast.has(last) || (seldomLast.has(last) && !asked)) return 'open';
  // A condition alone, such as "If the cache is down.", is the first half of a question.
  const sentence = said.slice(said.slice(0, -1).search(/[.?!][^.?!]*$/) + 1).trim();
  if (condition.test(sentence) && !sentence.includes(',') && !asked) return 'open';
  if (last === 'please') return 'whole';
  if (asked && words.length > 2) return 'whole';
  // Ears seldom miss a full stop, and often the mark of a question.
  return question.test(sentence.replaceAll(',', '')) && words.length > 2 ? 'whole' : 'unsure';
}
