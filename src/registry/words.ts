/** The names of statuses that registries use; others are shown as a number. */
const statusNames: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Content Too Large',
  416: 'Range Not Satisfiable',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** Enough for a sentence; a page of HTML is none. */
const longestWords = 300;

/** A registry's answer, in lines: the status, then its own words (distribution-spec, "Error Codes"). */
export function registryWords(answer: {
  status: number;
  body: Buffer;
}): readonly [string, ...(readonly string[])] {
  const name = statusNames[answer.status];
  const status = name === undefined ? String(answer.status) : `${answer.status} ${name}`;
  return [status, ...errorsOf(answer.body.toString('utf8'))];
}

/** Errors as the distribution-spec has them; token servers have others (Docker Hub's, and RFC 6749, 5.2). */
type ErrorBody = {
  errors?: readonly ({ code?: unknown; message?: unknown } | null)[];
  details?: unknown;
  error_description?: unknown;
} | null;

function errorsOf(text: string): readonly string[] {
  let body: ErrorBody;
  try {
    body = JSON.parse(text) as ErrorBody;
  } catch {
    // Text for people; pages of HTML are not.
    return text.trim() === '' || text.includes('<') ? [] : [oneLine(text)];
  }
  const errors = Array.isArray(body?.errors) ? body.errors : [];
  const listed = errors.map((error: { code?: unknown; message?: unknown } | null) =>
    [error?.code, error?.message].filter((part) => typeof part === 'string' && part !== '').join(': '),
  );
  const others = [body?.details, body?.error_description].filter((part) => typeof part === 'string');
  return [...listed, ...others].map(oneLine).filter((line) => line !== '');
}

function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what a registry says must not steer a terminal.
  const line = text.replaceAll(/[\u0000-\u001f\u007f-\u009f\s]+/g, ' ').trim();
  return line.length > longestWords ? `${line.slice(0, longestWords)} …` : line;
}
