/** Why something on the network could not be reached, as words that follow its name. */
export function explainFailure(error: unknown): string {
  const { code, message, name, cause } = error as {
    code?: string;
    message?: string;
    name?: string;
    cause?: unknown;
  };
  switch (code ?? (cause as { code?: string } | undefined)?.code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'its host name does not resolve';
    case 'ECONNREFUSED':
      return 'nobody listens there';
    case 'ECONNRESET':
    case 'ECONNABORTED':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return 'the connection was cut';
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
      return 'there is no route to it';
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
    case 'ETIMEDOUT':
      return 'no answer in time';
    default:
      return name === 'TimeoutError' || name === 'AbortError'
        ? 'no answer in time'
        : (message ?? '').trim() || 'no answer';
  }
}
