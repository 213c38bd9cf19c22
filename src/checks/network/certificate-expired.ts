// Finds certificates in Secrets that callers refuse because of their dates, or soon will.

import { asWritten } from '../../inventory/index.ts';
import type { Certificate } from '../../kube/certificates/index.ts';
import type { Diagnostic } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { isForTls, readTlsSecret } from './tls-secrets.ts';

const warningDays = 30;
const dayMs = 86_400_000;

/** The date of a certificate that decides: of all in the chain, the one whose time ends first. */
function firstToEnd(chain: readonly Certificate[]): Certificate | undefined {
  return chain.toSorted((a, b) => (a.notAfter < b.notAfter ? -1 : 1))[0];
}

function daysUntil(today: string, date: string): number {
  return Math.round((Date.parse(`${date}T00:00:00Z`) - Date.parse(`${today}T00:00:00Z`)) / dayMs);
}

function judge(
  { notBefore, notAfter }: Certificate,
  today: string,
): Pick<Diagnostic, 'message' | 'severity'> | undefined {
  const end = notAfter.slice(0, 10);
  if (end < today) return { message: `has expired on ${end}: callers refuse the connection` };
  const start = notBefore.slice(0, 10);
  if (start > today) return { message: `is not valid before ${start}: callers refuse the connection` };
  const days = daysUntil(today, end);
  if (days > warningDays) return undefined;
  return { message: `expires in ${days} ${days === 1 ? 'day' : 'days'}, on ${end}`, severity: 'medium' };
}

export const certificateExpired = objectCheck(
  {
    id: 'certificate-expired',
    family: 'network',
    title: 'Certificates are valid for the next month',
    leg: 'security',
    level: 2,
    owner: 'developer',
    severity: 'high',
    references: [{ framework: 'NSA', id: 'TLS' }],
    remediation: 'Renew the certificate, and let a controller such as cert-manager do it from now on.',
    minutes: 30,
  },
  {
    kinds: ['/Secret'],
    applies: isForTls,
    find: (secret, { options }) => {
      const tls = readTlsSecret(secret) ?? readTlsSecret(asWritten(secret));
      if (tls === undefined && secret.source.origin.kind === 'cluster')
        return {
          verdict: 'unknown',
          message: `when the certificate in Secret "${secret.name}" expires is not known: its tls.crt holds more than certificates, and such values are not read from a cluster`,
          path: ['data', 'tls.crt'],
          evidence: `would be settled by kubectl get secret ${secret.name} and openssl x509 -enddate`,
        };
      const certificate = firstToEnd(tls?.chain ?? []);
      const problem = certificate === undefined ? undefined : judge(certificate, options.today);
      if (tls === undefined || certificate === undefined || problem === undefined) return undefined;
      return {
        ...problem,
        message: `the certificate in Secret "${secret.name}" ${problem.message}`,
        path: tls.path,
        evidence: `valid from ${certificate.notBefore} to ${certificate.notAfter}`,
      };
    },
  },
);
