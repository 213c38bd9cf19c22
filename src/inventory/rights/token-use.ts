// Whether pods speak to the API, as far as their manifests say.

import { asArray, asObject, asString, type Json } from '../../model/index.ts';
import type { Workload } from '../workload.ts';
import { mountedVolume } from './accounts.ts';

const tokenFolder = '/var/run/secrets/kubernetes.io/serviceaccount';
const signs = [tokenFolder, '/run/secrets/kubernetes.io/serviceaccount', 'KUBERNETES_SERVICE_HOST', 'kubectl'];

/** Where a volume is mounted that the pod asks for itself. */
function readMountPath(item: Json): string | undefined {
  const { name, mountPath } = asObject(item);
  return mountedVolume.test(asString(name) ?? '') ? undefined : asString(mountPath);
}

/** Commands, settings, mounts and images that speak of the API. */
export function usesApi({ containers, annotations }: Workload): boolean {
  if (annotations['vault.hashicorp.com/agent-inject'] === 'true') return true;
  const texts = containers.flatMap(({ raw }) => [
    asString(raw['image']),
    ...[...asArray(raw['command']), ...asArray(raw['args'])].map((item) => asString(item)),
    ...asArray(raw['env']).map((item) => asString(asObject(item)['value'])),
    ...asArray(raw['volumeMounts']).map(readMountPath),
  ]);
  return texts.some((text) => text !== undefined && signs.some((sign) => text.includes(sign)));
}
