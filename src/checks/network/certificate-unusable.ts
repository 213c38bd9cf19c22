// Finds TLS Secrets whose certificate or key no server can use.

import { asWritten } from '../../inventory/index.ts';
import { keysMatch } from '../../kube/certificates/index.ts';
import type { Diagnostic } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { isForTls, readTlsSecret, type TlsSecret } from './tls-secrets.ts';

function problemOf({
  chain: [leaf],
  key,
  path,
  keyPath,
}: TlsSecret): Pick<Diagnostic, 'message' | 'path' | 'evidence'> | undefined {
  if (leaf === undefined)
    return { message: 'holds no certificate in tls.crt', path, evidence: 'no PEM block CERTIFICATE can be read' };
  if (key === undefined || keysMatch(leaf.publicKey, key) !== false) return undefined;
  return {
    message: 'holds a key that does not belong to its certificate',
    path: keyPath,
    evidence: 'the public keys of tls.crt and tls.key were compared',
  };
}

export const certificateUnusable = objectCheck(
  {
    id: 'certificate-unusable',
    family: 'network',
    title: 'TLS Secrets hold a certificate and its key',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: 'Make the Secret with kubectl create secret tls, which compares the two.',
    minutes: 10,
  },
  {
    kinds: ['/Secret'],
    applies: (secret) => asWritten(secret).source.origin.kind !== 'cluster' && isForTls(secret),
    find: (live) => {
      const secret = asWritten(live);
      const tls = readTlsSecret(secret);
      const problem = tls === undefined ? undefined : problemOf(tls);
      if (problem === undefined) return undefined;
      return {
        ...problem,
        message: `Secret "${secret.name}" ${problem.message}: servers cannot use it and fall back to a certificate of their own`,
      };
    },
  },
);
