import { boolCoreTag, floatCoreTag, intCoreTag, NOT_RESOLVED, nullCoreTag } from 'js-yaml';

export type ScalarValue = string | number | boolean | null;

/** First characters of plain scalars that may be anything but text: digits, signs, dots, and null, true and false. */
const mayBeTyped = /^(?:$|[-+.\d~nNtTfF])/;

/** The value of a plain (unquoted) scalar by the core schema of YAML 1.2, in which `yes` and `on` are text. */
export function plainValue(text: string): ScalarValue {
  if (!mayBeTyped.test(text)) return text;
  for (const tag of [nullCoreTag, boolCoreTag, intCoreTag, floatCoreTag]) {
    const value = tag.resolve(text, false, tag.tagName);
    if (value !== NOT_RESOLVED) return value;
  }
  return text;
}
