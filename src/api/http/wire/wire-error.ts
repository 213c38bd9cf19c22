// What goes wrong on a connection above its bytes and below HTTP's meaning.

const codes = {
  /** The other side closed before the answer was whole. */
  cut: 'ERR_ANSWER_CUT',
  /** What came is no answer. */
  invalid: 'ERR_ANSWER_INVALID',
  /** Nothing came for too long. */
  silent: 'ERR_ANSWER_TIMEOUT',
  /** The client was closed under the request. */
  closed: 'ERR_CLIENT_CLOSED',
  /** What was to be sent is no request. */
  request: 'ERR_REQUEST_INVALID',
} as const;

export class WireError extends Error {
  readonly code: string;

  constructor(kind: keyof typeof codes, message: string) {
    super(message);
    this.code = codes[kind];
  }
}
