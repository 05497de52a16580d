export type ScalarValue = string | number | boolean | null;

/** First characters of plain scalars that may be anything but text: digits, signs, dots, and null, true and false. */
const mayBeTyped = /^(?:$|[-+.\d~nNtTfF])/;

/**
 * The value of a plain (unquoted) scalar by the core schema of YAML 1.2 (10.3.2), in which `yes` and `on` are text.
 * The patterns are the specification's. js-yaml has them too, but within tags and schemas that take longer to set up
 * than all manifests take to be read.
 */
export function plainValue(text: string): ScalarValue {
  if (!mayBeTyped.test(text)) return text;
  if (/^(?:|~|null|Null|NULL)$/.test(text)) return null;
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE)$/.test(text)) return false;
  if (/^(?:[-+]?\d+|0o[0-7]+|0x[\da-fA-F]+)$/.test(text)) return Number(text);
  if (/^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(text)) return Number(text);
  const special = /^([-+]?)\.(?:(inf|Inf|INF)|nan|NaN|NAN)$/.exec(text);
  if (special === null || (special[2] === undefined && special[1] !== '')) return text;
  return special[2] === undefined ? Number.NaN : Number(`${special[1]}Infinity`);
}
