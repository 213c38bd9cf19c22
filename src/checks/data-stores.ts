// Which containers are databases, caches or brokers by their image, and which workloads are more than their program.

import type { Workload } from '../inventory/index.ts';
import type { PodContainer } from '../kube/pod-template.ts';
import { asArray, asObject, asString, valueAt } from '../model/index.ts';

const databases: ReadonlySet<string> = new Set([
  'cassandra',
  'clickhouse-server',
  'cockroach',
  'couchdb',
  'elasticsearch',
  'etcd',
  'influxdb',
  'mariadb',
  'minio',
  'mongo',
  'mongodb',
  'mysql',
  'mysql-server',
  'neo4j',
  'opensearch',
  'percona',
  'postgis',
  'postgres',
  'postgresql',
  'rethinkdb',
  'scylla',
  'timescaledb',
]);

/** Programs whose second copy is another, empty one unless they are told of each other. */
const cachesAndBrokers: ReadonlySet<string> = new Set([
  'activemq',
  'dragonfly',
  'kafka',
  'keydb',
  'memcached',
  'nats',
  'rabbitmq',
  'redis',
  'redis-stack-server',
  'valkey',
  'zookeeper',
]);

/** Last part of the image's name, without tag and digest: `docker.io/library/postgres:16` is `postgres`. */
export function imageName({ raw }: PodContainer): string {
  const [path = ''] = (asString(raw['image']) ?? '').split('@');
  return (path.split('/').at(-1) ?? '').replace(/:.*$/, '');
}

/** An image of one's own for one member of a store: `gb-redis-follower`. A tool for it, `redis-exporter`, is no store. */
const member = /(?:^|-)([a-z0-9]+)-(?:follower|leader|master|slave|replica|primary|secondary)$/;

function isAmong(container: PodContainer, names: ReadonlySet<string>): boolean {
  const name = imageName(container);
  return names.has(name) || names.has(member.exec(name)?.[1] ?? '');
}

/** True for well-known databases: programs whose files are the only copy of somebody's data. */
export function isDatabase(container: PodContainer): boolean {
  return container.role === 'container' && isAmong(container, databases);
}

function mountsClaim({ spec, object }: Workload): boolean {
  const volumes = asArray(spec['volumes']).map(asObject);
  const templates = asArray(valueAt(object.raw, ['spec', 'volumeClaimTemplates']));
  return templates.length > 0 || volumes.some((volume) => volume['persistentVolumeClaim'] !== undefined);
}

/** True where the pod holds what another copy would not have: its volume, or what a database, cache or broker remembers. */
export function isDataStore(workload: Workload): boolean {
  if (mountsClaim(workload)) return true;
  return workload.containers.some(
    (container) =>
      container.role === 'container' && (isAmong(container, databases) || isAmong(container, cachesAndBrokers)),
  );
}
