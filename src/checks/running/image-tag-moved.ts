// Finds pods of one workload that run different programs under the same image name.

import type { Inventory } from '../../inventory/index.ts';
import { viewOf } from '../../inventory/index.ts';
import { asArray, asObject, asString, type Diagnostic, groupBy, type KubeObject } from '../../model/index.ts';
import { nameSome } from '../cluster-check.ts';
import { liveCheck, specOf, statusOf } from './live-check.ts';
import { isAnsweredFor, runningKinds, wantedPods } from './owned.ts';

interface Program {
  readonly container: string;
  readonly image: string;
  readonly digest: string;
  readonly pod: string;
  /** Some runtimes give the digest for the node's own architecture. */
  readonly architecture: string;
}

function readArchitectures(inventory: Inventory): ReadonlyMap<string, string> {
  return new Map(
    viewOf(inventory)
      .objects('/Node')
      .map((node) => [node.name, asString(asObject(statusOf(node)['nodeInfo'])['architecture']) ?? '']),
  );
}

/** Images that were loaded by hand have no digest of a registry, and are not comparable. */
function programsOf(pod: KubeObject, architectures: ReadonlyMap<string, string>): Program[] {
  const architecture = architectures.get(asString(specOf(pod)['nodeName']) ?? '') ?? '';
  const declared = new Map(
    asArray(specOf(pod)['containers'])
      .map(asObject)
      .map((each) => [each['name'], asString(each['image']) ?? '']),
  );
  return asArray(statusOf(pod)['containerStatuses'])
    .map(asObject)
    .flatMap((each) => {
      const digest = /@(sha256:[0-9a-f]+)$/.exec(asString(each['imageID']) ?? '')?.[1];
      const image = declared.get(each['name']) ?? '';
      if (digest === undefined || image.includes('@')) return [];
      return { container: asString(each['name']) ?? '', image, digest, pod: pod.name, architecture };
    });
}

function tell({ kind, name }: KubeObject, programs: readonly Program[]): Diagnostic | undefined {
  const byDigest = groupBy(programs, ({ digest }) => digest);
  const [first] = programs;
  if (byDigest.size < 2 || first === undefined) return undefined;
  return {
    container: first.container,
    message: `pods of ${kind} "${name}" run ${byDigest.size} different programs, all called "${first.image}"`,
    path: ['spec'],
    evidence: [...byDigest]
      .map(([digest, pods]) => `${digest.slice(0, 19)} in ${nameSome(pods.map(({ pod }) => pod))}`)
      .join('; '),
  };
}

export const imageTagMoved = liveCheck(
  {
    id: 'image-tag-moved',
    family: 'running',
    title: 'All pods of a workload run the same program',
    leg: 'deployment',
    level: 3,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: 'Name the image by its digest, or give each build a tag of its own.',
    minutes: 15,
  },
  {
    kinds: runningKinds,
    applies: (object, { inventory }) => object.kind !== 'Pod' && !isAnsweredFor(inventory, object),
    find: (object, { inventory }) => {
      const architectures = inventory.derive(readArchitectures);
      const all = wantedPods(inventory, object).flatMap((pod) => programsOf(pod, architectures));
      const same = groupBy(all, ({ container, image, architecture }) => `${container} ${image} ${architecture}`);
      return [...same.values()].flatMap((programs) => tell(object, programs) ?? []);
    },
  },
);
