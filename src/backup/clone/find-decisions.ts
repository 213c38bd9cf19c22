// What a copy shares with the original, or does a second time, whatever its objects say: a person should know. Pure.

import { podTemplateOf } from './pod-spec-of.ts';
import { asArray, asObject, asString } from '../../model/index.ts';
import { type ClonedObject, type Decision, wordsFor } from './clone-plan.ts';

type Look = (item: ClonedObject) => Omit<Decision, 'object'> | undefined;

const clock: Look = ({ place, object }) =>
  place.groupResource === 'cronjobs.batch' && asObject(object['spec'])['suspend'] !== true
    ? { text: 'runs at its times in the copy too', how: '--suspend' }
    : undefined;

const hostPath: Look = (item) => {
  const paths = asArray(podTemplateOf(item)['volumes']).flatMap(
    (volume) => asString(asObject(asObject(volume)['hostPath'])['path']) ?? [],
  );
  return paths.length === 0
    ? undefined
    : { text: `uses ${paths.join(', ')} of its node, as the original does`, how: 'change the path in the copy' };
};

const hostPort: Look = (item) => {
  const spec = podTemplateOf(item);
  const ports = asArray(spec['containers']).flatMap((each) =>
    asArray(asObject(each)['ports']).flatMap((port) => asObject(port)['hostPort'] ?? []),
  );
  if (spec['hostNetwork'] !== true && ports.length === 0) return undefined;
  return {
    text: 'uses ports of its node, which the original may hold',
    how: 'change the ports in the copy, or keep the nodes apart',
  };
};

const claim: Look = ({ place, object }) => {
  if (place.groupResource !== 'persistentvolumeclaims') return undefined;
  return asObject(object['spec'])['storageClassName'] === ''
    ? {
        text: 'waits for a volume that somebody makes by hand',
        how: 'make one, or name a class with --storage-class-mappings',
      }
    : undefined;
};

const looks: readonly Look[] = [clock, hostPath, hostPort, claim];

export function findDecisions(items: readonly ClonedObject[]): Decision[] {
  return items.flatMap((item) =>
    looks.flatMap((look) => {
      const found = look(item);
      return found === undefined ? [] : [{ object: wordsFor(item), ...found }];
    }),
  );
}
