/** What a client did wrong, or what is not there, in the form of OpenAI's API. */
export class HttpProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly param: string | null;

  constructor(options: { status: number; code: string; message: string; param?: string }) {
    super(options.message);
    this.status = options.status;
    this.code = options.code;
    this.param = options.param ?? null;
  }
}

/** The body of an answer that is an error. Source: platform.openai.com/docs/guides/error-codes. */
export function problemBody(problem: HttpProblem): object {
  const type = problem.status < 500 ? 'invalid_request_error' : 'server_error';
  return { error: { message: problem.message, type, param: problem.param, code: problem.code } };
}
