// Finds host names under which only the laptop, or nobody, finds the app.

import { asArray, asObject, asString, type JsonObject, type KubeObject, type Path } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { minikubeMeta } from './minikube-meta.ts';
import { asking, offer } from '../fix.ts';
import { hostName } from '../questions.ts';

interface Host {
  readonly host: string;
  readonly path: Path;
}

const kinds = [
  'networking.k8s.io/Ingress',
  'gateway.networking.k8s.io/Gateway',
  'gateway.networking.k8s.io/HTTPRoute',
  'gateway.networking.k8s.io/GRPCRoute',
  'gateway.networking.k8s.io/TLSRoute',
];

function hostsIn(spec: JsonObject, list: string, field: string): Host[] {
  return asArray(spec[list]).flatMap((item, index) => {
    const host = asString(asObject(item)[field]);
    return host === undefined ? [] : { host, path: ['spec', list, index, field] };
  });
}

function hostsOf({ kind, raw }: KubeObject): Host[] {
  const spec = asObject(raw['spec']);
  if (kind === 'Ingress') return hostsIn(spec, 'rules', 'host');
  if (kind === 'Gateway') return hostsIn(spec, 'listeners', 'hostname');
  return asArray(spec['hostnames']).flatMap((item, index) => {
    const host = asString(item);
    return host === undefined ? [] : { host, path: ['spec', 'hostnames', index] };
  });
}

/** Reserved names: RFC 2606 (example, invalid, localhost, test), RFC 6762 (local), RFC 9476 (alt). */
export const triedOutHosts: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\.)localhost$/, 'it always means the own machine'],
  [/(?:^|\.)(?:nip|sslip|xip)\.io$/, 'it stands for the address that is written in it'],
  [/(?:^|\.)(?:minikube|docker|lima)\.internal$|^minikube$/, 'only a local cluster knows it'],
  [/\.local$/, 'it is found through /etc/hosts or within one local network, and gets no public certificate'],
  [/(?:^|\.)(?:test|invalid|alt)$/, 'it is reserved and will never be in public DNS'],
  [/(?:^|\.)example(?:\.com|\.net|\.org)?$/, 'it is reserved for documentation: nobody can own it'],
];

function reasonOf(host: string): string | undefined {
  return triedOutHosts.find(([pattern]) => pattern.test(host.toLowerCase()))?.[1];
}

/** The end of a sentence that begins with the name. */
function problemOf(host: string): string | undefined {
  const reason = reasonOf(host);
  return reason === undefined ? undefined : `is a name for trying out: ${reason}`;
}

export const laptopHost = objectCheck(
  minikubeMeta({
    id: 'laptop-host',
    title: 'Host names are found in DNS',
    severity: 'medium',
    remediation: 'Use a name in a domain of yours, as a value per environment, with a DNS record and a certificate.',
    minutes: 30,
  }),
  {
    kinds,
    find: (object) =>
      hostsOf(object).flatMap(({ host, path }) => {
        const reason = reasonOf(host);
        if (reason === undefined) return [];
        return {
          message: `${object.kind} "${object.name}" answers for "${host}", a name for trying out: ${reason}`,
          path,
          evidence: `the host is ${host}`,
        };
      }),
    fix: (_object, { path = [] }) =>
      offer(
        asking(
          {
            id: 'name-host',
            title: 'Answer for a name of yours',
            consequence: 'it must lead to the cluster in DNS; the former name is not answered any more',
          },
          { ...hostName, problem: (answer) => hostName.problem?.(answer) ?? problemOf(answer) },
          (answer) => [{ op: 'set', path, value: answer }],
        ),
      ),
  },
);
