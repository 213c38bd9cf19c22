// How long things may take, in milliseconds; each with its reason.

/** A TCP and TLS handshake, as in client-go's transport (30 s) but for people who wait. */
export const connectTimeout = 10_000;

/** The API server ends requests after 60 s itself (`--request-timeout`): its word is better than ours. */
export const answerTimeout = 70_000;

/** The API server keeps idle connections for 90 s: we close first, so that no request meets a closing socket. */
export const keepAliveTimeout = 60_000;
