// Errors below HTTP: which of them are a broken connection, and what they mean to the user.

import { UserError } from '../../model/index.ts';
import type { Connection } from '../connection.ts';

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : '';
}

const resets = new Set([
  'ECONNRESET',
  'EPIPE',
  'ECONNABORTED',
  'UND_ERR_SOCKET',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'HPE_INVALID_EOF_STATE',
  'Z_BUF_ERROR',
]);

/** A connection that broke under a request: the request may or may not have been carried out. */
export function isReset(error: unknown): boolean {
  return resets.has(codeOf(error));
}

const untrusted =
  /^(?:CERT_|UNABLE_TO_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH|INVALID_CA)/;
const clientRefused = /^ERR_SSL_.*ALERT.*(?:CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED)/;
const badPem = /^ERR_OSSL_|^ERR_CRYPTO_/;

function untrustedError(connection: Connection, cause: Error): UserError {
  return new UserError(
    'cluster-not-trusted',
    `the certificate of ${connection.server} is not trusted: ${cause.message}`,
    'Fetch the kubeconfig anew: the cluster may have been made again. A name in between may need tls-server-name.',
    cause,
  );
}

function unreachable(connection: Connection, cause: Error): UserError {
  const through = connection.proxy === undefined ? '' : ` through the proxy ${new URL(connection.proxy).host}`;
  const reason = cause.message || codeOf(cause) || 'no answer';
  return new UserError(
    'cluster-unreachable',
    `${connection.server} does not answer${through}: ${reason}`,
    'Is the cluster running, and is the VPN up? For Minikube: minikube start.',
    cause,
  );
}

/** The error to show for one below HTTP. What is ours already, and an abort, is passed through. */
export function explainConnectionError(error: unknown, connection: Connection): unknown {
  if (error instanceof UserError || !(error instanceof Error) || error.name === 'AbortError') return error;
  const code = codeOf(error);
  if (untrusted.test(code)) return untrustedError(connection, error);
  if (clientRefused.test(code)) {
    const what = `${connection.server} does not accept the client certificate`;
    return new UserError('cluster-unauthorized', what, 'Log in again, or fetch the kubeconfig anew.', error);
  }
  if (badPem.test(code)) {
    const what = 'a certificate or key of the kubeconfig is not valid PEM, or they do not belong together';
    return new UserError('kubeconfig-invalid', what, 'Fetch the kubeconfig anew.', error);
  }
  return code === '' ? error : unreachable(connection, error);
}
