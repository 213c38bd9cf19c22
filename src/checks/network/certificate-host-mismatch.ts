// Finds hosts of Ingresses and Gateways that the certificate in their Secret is not made for.

import type { Inventory } from '../../inventory/index.ts';
import { type Certificate, coversHost } from '../../kube/certificates/index.ts';
import {
  asArray,
  asObject,
  asString,
  type Diagnostic,
  type JsonObject,
  type KubeObject,
  type Path,
} from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { readTlsSecret } from './tls-secrets.ts';

/** A host that is served, and the Secrets whose certificates serve it. */
interface ServedHost {
  readonly host: string;
  readonly path: Path;
  readonly secrets: readonly { readonly namespace: string; readonly name: string }[];
}

function ingressHosts({ raw, namespace }: KubeObject): ServedHost[] {
  const spec = asObject(raw['spec']);
  return asArray(spec['tls']).flatMap((item, index) => {
    const { secretName, hosts } = asObject(item);
    const name = asString(secretName);
    if (name === undefined) return [];
    const secrets = [{ namespace, name }];
    const own = asArray(hosts).flatMap((host, at): ServedHost[] => {
      const text = asString(host);
      return text === undefined ? [] : [{ host: text, path: ['spec', 'tls', index, 'hosts', at], secrets }];
    });
    return asArray(hosts).length > 0 ? own : ruleHosts(spec, secrets);
  });
}

/** An entry without hosts is for all of the rules. */
function ruleHosts(spec: JsonObject, secrets: ServedHost['secrets']): ServedHost[] {
  return asArray(spec['rules']).flatMap((rule, index): ServedHost[] => {
    const host = asString(asObject(rule)['host']);
    return host === undefined ? [] : [{ host, path: ['spec', 'rules', index, 'host'], secrets }];
  });
}

function listenerHosts({ raw, namespace }: KubeObject): ServedHost[] {
  return asArray(asObject(raw['spec'])['listeners']).flatMap((item, index): ServedHost[] => {
    const listener = asObject(item);
    const host = asString(listener['hostname']);
    const tls = asObject(listener['tls']);
    if (host === undefined || (tls['mode'] ?? 'Terminate') !== 'Terminate') return [];
    const secrets = asArray(tls['certificateRefs']).flatMap((each) => {
      const { kind, name, namespace: where } = asObject(each);
      const text = asString(name);
      return text === undefined || (kind ?? 'Secret') !== 'Secret'
        ? []
        : { name: text, namespace: asString(where) ?? namespace };
    });
    return [{ host, path: ['spec', 'listeners', index, 'hostname'], secrets }];
  });
}

/** The certificates that serve a host; `undefined` where one of them is not in the input and may be the right one. */
function leavesOf(inventory: Inventory, { secrets }: ServedHost): readonly Certificate[] | undefined {
  const leaves: Certificate[] = [];
  for (const { namespace, name } of secrets) {
    const secret = inventory.find({ group: '', kind: 'Secret', namespace, name });
    const leaf = secret === undefined ? undefined : readTlsSecret(secret)?.chain[0];
    if (leaf === undefined) return undefined;
    leaves.push(leaf);
  }
  return leaves.length === 0 ? undefined : leaves;
}

function judge(object: KubeObject, served: ServedHost, inventory: Inventory): Diagnostic[] {
  const leaves = leavesOf(inventory, served);
  if (leaves === undefined || leaves.some((leaf) => coversHost(leaf, served.host))) return [];
  const names = leaves.flatMap(({ hosts, addresses }) => [...hosts, ...addresses]);
  const secret = served.secrets.map(({ name }) => `"${name}"`).join(', ');
  return [
    {
      message: `${object.kind} "${object.name}" serves "${served.host}" with the certificate of Secret ${secret}, which is for other names: browsers warn and programs refuse`,
      path: served.path,
      evidence: names.length === 0 ? 'the certificate has no subject alternative name' : `names: ${names.join(', ')}`,
    },
  ];
}

export const certificateHostMismatch = objectCheck(
  {
    id: 'certificate-host-mismatch',
    family: 'network',
    title: 'Certificates are made for the hosts they serve',
    leg: 'security',
    level: 2,
    owner: 'developer',
    severity: 'high',
    references: [{ framework: 'NSA', id: 'TLS' }],
    remediation: 'Order the certificate for every host of the entry, as subject alternative names.',
    minutes: 30,
  },
  {
    kinds: ['networking.k8s.io/Ingress', 'gateway.networking.k8s.io/Gateway'],
    find: (object, { inventory }) =>
      (object.kind === 'Ingress' ? ingressHosts(object) : listenerHosts(object)).flatMap((served) =>
        judge(object, served, inventory),
      ),
  },
);
