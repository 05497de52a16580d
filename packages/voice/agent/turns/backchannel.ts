const words =
  'uh huh|uhhuh|mm hmm|mmhmm|mhm|mm|hmm|hm|uh|um|ah|oh|okay|ok|right|yeah|yep|i see|sure|got it|aha';
const only = new RegExp(`^(?:(?:${words})(?: |$))+$`);

/** Whether somebody only says that they listen: while the agent speaks this is no turn. */
export function isBackchannel(text: string): boolean {
  return only.test(
    text
      .toLowerCase()
      .replaceAll(/[^a-z]+/g, ' ')
      .trim(),
  );
}
