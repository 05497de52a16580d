/**
 * Reads an answer as text, and no more of it than is sensible: whoever answers may be broken, or not who was asked.
 *
 * @param options.longest bytes
 * @throws Error if there are more
 */
export async function boundedText(options: { response: Response; longest: number }): Promise<string> {
  const { response, longest } = options;
  const parts: string[] = [];
  const decoder = new TextDecoder();
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.length;
    if (length > longest) throw new Error(`an answer of more than ${longest} bytes`);
    parts.push(decoder.decode(part, { stream: true }));
  }
  return parts.join('') + decoder.decode();
}
