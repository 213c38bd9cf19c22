// Lists registries that may ask for credentials, where the input shows none.

import type { Inventory, Workload } from '../../inventory/index.ts';
import { asArray, asString } from '../../model/index.ts';
import { type AppDiagnostic, appCheck } from '../check.ts';
import { type ContainerImage, imagesMeta, imagesOf } from './image-check.ts';

/** Registries that serve most or all of their images to everybody. */
const publicRegistries: ReadonlySet<string> = new Set(
  [
    'docker.io quay.io ghcr.io gcr.io us.gcr.io eu.gcr.io asia.gcr.io k8s.gcr.io registry.k8s.io public.ecr.aws',
    'mcr.microsoft.com registry.access.redhat.com docker.elastic.co lscr.io nvcr.io registry.istio.io',
    'container-registry.oracle.com cr.fluentbit.io docker.n8n.io registry.gitlab.com mirror.gcr.io cgr.dev dhi.io',
  ].flatMap((line) => line.split(' ')),
);

function hasPullSecret({ object, spec }: Workload, inventory: Inventory): boolean {
  if (asArray(spec['imagePullSecrets']).length > 0) return true;
  const name = asString(spec['serviceAccountName']) ?? asString(spec['serviceAccount']) ?? 'default';
  const account = inventory.find({ group: '', kind: 'ServiceAccount', namespace: object.namespace, name });
  return asArray(account?.raw['imagePullSecrets']).length > 0;
}

function describe(registry: string, images: readonly ContainerImage[]): AppDiagnostic {
  const names = new Set(images.map(({ workload }) => workload.object.name));
  const count = names.size === 1 ? '1 workload pulls' : `${names.size} workloads pull`;
  return {
    verdict: 'unknown',
    message: `${count} from "${registry}" without a pull secret in the input: whether the nodes may is not known`,
    evidence: `would be settled by a pull on the target cluster; first "${[...names][0] ?? ''}"`,
  };
}

export const imagePullSecret = appCheck(
  imagesMeta({
    id: 'image-pull-secret',
    title: 'Nodes may pull the images of the app',
    leg: 'deployment',
    level: 1,
    severity: 'medium',
    references: [],
    remediation: 'Name an imagePullSecret in the ServiceAccount, or let the nodes pull with an identity of their own.',
    minutes: 15,
    settledBy: 'a pull on the target cluster',
  }),
  {
    applies: ({ inventory }) => inventory.workloads.length > 0,
    find: ({ inventory }) => {
      const byRegistry = new Map<string, ContainerImage[]>();
      for (const item of imagesOf(inventory.workloads)) {
        const { registry, isLocalLooking } = item.image;
        if (publicRegistries.has(registry) || isLocalLooking || hasPullSecret(item.workload, inventory)) continue;
        byRegistry.set(registry, [...(byRegistry.get(registry) ?? []), item]);
      }
      return [...byRegistry].map(([registry, images]) => describe(registry, images));
    },
  },
);
