// Volume types at the restricted level: the cluster's own and claims, not storage named in the pod.

import { asArray, asObject } from '../../../model/index.ts';
import { type Breach, breachAt, type Control, fieldOf, type PodView, textOf } from '../control.ts';

// `image` came with Kubernetes 1.31 and was accepted late, but then under every policy version.
const allowed = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);

// A volume without any source is an emptyDir: the API server's default.
function findVolumes(pod: PodView): Breach[] {
  const place = pod.self;
  return asArray(fieldOf(place, ['volumes'])).flatMap((raw, index) => {
    const volume = asObject(raw);
    const sources = Object.keys(volume).filter((key) => key !== 'name' && (volume[key] ?? undefined) !== undefined);
    const [first] = sources;
    if (first === undefined || sources.some((source) => allowed.has(source))) return [];
    const what = `has the volume ${JSON.stringify(textOf(volume['name']))} of type ${JSON.stringify(first)}`;
    return [breachAt(place, ['volumes', index, first], what)];
  });
}

export const restrictedVolumes: Control = {
  id: 'restrictedVolumes',
  title: "Volumes are of the cluster's own types or claims",
  level: 'restricted',
  replaces: 'hostPathVolumes',
  revisions: [{ since: 0, find: findVolumes }],
};
