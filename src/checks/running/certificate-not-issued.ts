// Finds certificates and issuers of cert-manager that do not do their work.

import { asString, type Diagnostic, type KubeObject } from '../../model/index.ts';
import type { CheckContext } from '../check.ts';
import { findCondition, liveCheck, metadataOf, statusOf, tellCondition } from './live-check.ts';
import { minutesSince, onceItLasts } from './seen-at.ts';

const group = 'cert-manager.io';
/** A certificate authority takes some minutes. */
const patience = 15;

/** cert-manager renews at this time; a day later something is in the way. */
function ofRenewal(object: KubeObject, context: CheckContext): Diagnostic | undefined {
  const { renewalTime, notAfter } = statusOf(object);
  const end = (asString(notAfter) ?? '').slice(0, 10);
  if (end !== '' && end < context.options.today)
    return {
      severity: 'critical',
      message: `the certificate "${object.name}" has expired on ${end}: callers refuse the connection`,
      path: ['status', 'notAfter'],
      evidence: `notAfter ${end}`,
    };
  if (minutesSince(context, renewalTime) < 1440) return undefined;
  return {
    message: `the certificate "${object.name}" is not renewed, and expires${end === '' ? '' : ` on ${end}`}`,
    path: ['status', 'renewalTime'],
    evidence: `it should have been renewed on ${(asString(renewalTime) ?? '').slice(0, 10)}`,
  };
}

function tell({ kind, name }: KubeObject): string {
  return kind === 'Certificate'
    ? `the certificate "${name}" is not issued: what serves with it has none, or an old one`
    : `the ${kind === 'Issuer' ? 'issuer' : 'cluster issuer'} "${name}" is not ready: it issues no certificates`;
}

export const certificateNotIssued = liveCheck(
  {
    id: 'certificate-not-issued',
    family: 'running',
    title: 'Certificates are issued and renewed',
    leg: 'security',
    level: 1,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: 'Follow the certificate to its request, order and challenge, and correct what the last one names.',
    minutes: 30,
  },
  {
    kinds: [`${group}/Certificate`, `${group}/Issuer`, `${group}/ClusterIssuer`],
    find: (object, context) => {
      const ready = findCondition(object, 'Ready');
      const late = object.kind === 'Certificate' ? ofRenewal(object, context) : undefined;
      if (late !== undefined) return late;
      if (ready?.status !== 'False') return undefined;
      const since = ready.since || metadataOf(object)['creationTimestamp'];
      return onceItLasts(object.kind !== 'Certificate' || minutesSince(context, since) >= patience, {
        message: tell(object),
        path: ['status', 'conditions'],
        evidence: tellCondition(ready),
      });
    },
  },
);
