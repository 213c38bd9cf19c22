// Writes an audit log of a given number of events: 1,000 accounts in 50 namespaces, who ask for some hundred thousand different things.
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';

const resources = ['pods', 'configmaps', 'secrets', 'services', 'endpoints', 'serviceaccounts'];
const verbs = ['get', 'list', 'watch', 'update', 'patch', 'create'];
const start = Date.parse('2026-01-01T00:00:00Z');

function eventOf(index) {
  const namespace = `ns${index % 50}`;
  const resource = resources[index % resources.length];
  const verb = verbs[Math.floor(index / 7) % verbs.length];
  const name = `object-${(index * 7919) % 500}`;
  const isNamed = verb === 'get' || verb === 'update' || verb === 'patch';
  const isDenied = index % 97 === 0;
  const time = new Date(start + index * 50).toISOString();
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    stage: 'ResponseComplete',
    requestURI: `/api/v1/namespaces/${namespace}/${resource}${isNamed ? `/${name}` : '?limit=500'}`,
    verb,
    user: {
      username: `system:serviceaccount:${namespace}:account-${index % 20}`,
      groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
      extra: { 'authentication.kubernetes.io/pod-name': [`pod-${index % 60}`] },
    },
    sourceIPs: ['192.0.2.7'],
    userAgent: 'app/v0.0.0 (linux/amd64) kubernetes/$Format',
    objectRef: { resource, namespace, name, apiVersion: 'v1' },
    responseStatus: { metadata: {}, code: isDenied ? 403 : 200 },
    requestReceivedTimestamp: time,
    stageTimestamp: time,
    annotations: { 'authorization.k8s.io/decision': isDenied ? 'forbid' : 'allow' },
  };
}

/** Writes `events` lines. */
export async function writeAuditLog(file, events) {
  const out = createWriteStream(file);
  for (let index = 0; index < events; index += 1)
    if (!out.write(`${JSON.stringify(eventOf(index))}\n`)) await once(out, 'drain');
  out.end();
  await once(out, 'finish');
}
