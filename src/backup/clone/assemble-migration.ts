// The plan of a move to another cluster: the steps of the cut-over in their order, with commands, and what must be settled before. Pure.

import {
  clusterOptions,
  kubectlCommand,
  type NamedCluster,
  shellCommand,
  asArray,
  asNumber,
  asObject,
  asString,
  type JsonObject,
} from '../../model/index.ts';
import { type ClonedObject, type CloneSource, type Decision, wordsFor } from './clone-plan.ts';
import { podTemplateOf } from './pod-spec-of.ts';

export interface MigrationWish {
  readonly from: NamedCluster & { readonly context: string };
  readonly to: NamedCluster & { readonly context: string };
  readonly store: string;
  readonly storageClasses: ReadonlyMap<string, string>;
  readonly images: readonly (readonly [from: string, to: string])[];
}

/** What is known of the cluster that the app goes to. */
export interface MigrationTarget {
  readonly storageClasses: ReadonlySet<string>;
  readonly ingressClasses: ReadonlySet<string>;
  /** `apiVersion Kind` of all that it serves. */
  readonly kinds: ReadonlySet<string>;
  readonly hasNamespace: boolean;
}

export interface MigrationStep {
  readonly title: string;
  readonly why: string;
  /** Lines for a shell; none for what is done by hand. */
  readonly commands: readonly string[];
  /** What a person does elsewhere. */
  readonly byHand: readonly string[];
}

export interface Migration {
  readonly of: string;
  readonly context: string;
  readonly toContext: string;
  readonly decisions: readonly Decision[];
  readonly steps: readonly MigrationStep[];
  /** Back to the old cluster, as long as its objects are there. */
  readonly back: readonly string[];
}

interface Running {
  readonly kind: string;
  readonly name: string;
  readonly replicas: number;
}

const scaled: Readonly<Record<string, string>> = {
  'deployments.apps': 'deployment',
  'statefulsets.apps': 'statefulset',
};

function runningOf(objects: readonly ClonedObject[]): Running[] {
  return objects.flatMap(({ place, object }) => {
    const kind = scaled[place.groupResource];
    const replicas = asNumber(asObject(object['spec'])['replicas']) ?? 1;
    return kind === undefined || replicas === 0 ? [] : [{ kind, name: place.name, replicas }];
  });
}

/** Those that run at their times: suspended ones stay so. */
function clocksOf(objects: readonly ClonedObject[]): string[] {
  return objects.flatMap(({ place, object }) =>
    place.groupResource === 'cronjobs.batch' && asObject(object['spec'])['suspend'] !== true ? [place.name] : [],
  );
}

function hostsOf(objects: readonly ClonedObject[]): string[] {
  const hosts = objects.flatMap(({ place: { groupResource }, object }) => {
    const spec = asObject(object['spec']);
    if (groupResource === 'ingresses.networking.k8s.io')
      return asArray(spec['rules']).map((rule) => asString(asObject(rule)['host']) ?? '');
    if (groupResource.endsWith('routes.gateway.networking.k8s.io'))
      return asArray(spec['hostnames']).map((each) => asString(each) ?? '');
    return groupResource === 'routes.route.openshift.io' ? [asString(spec['host']) ?? ''] : [];
  });
  return [...new Set(hosts.filter((host) => host !== ''))].toSorted();
}

function claimsOf(objects: readonly ClonedObject[]): ClonedObject[] {
  return objects.filter(({ place }) => place.groupResource === 'persistentvolumeclaims');
}

class Planning {
  private readonly source: CloneSource;
  private readonly wish: MigrationWish;
  private readonly backup: string;

  constructor(source: CloneSource, wish: MigrationWish) {
    this.source = source;
    this.wish = wish;
    this.backup = `${source.namespace}-cutover`;
  }

  private kubectl(cluster: NamedCluster, rest: string): string {
    return `${kubectlCommand(['-n', this.source.namespace], cluster)} ${rest}`;
  }

  private create(backup: string): string {
    const { from, store } = this.wish;
    const words = ['nowwhat', 'backup', 'create', backup, ...clusterOptions(from), '-n', this.source.namespace];
    return shellCommand([...words, '--store', store]);
  }

  private scale(cluster: NamedCluster, to: (each: Running) => number): string[] {
    return runningOf(this.source.objects).map((each) =>
      this.kubectl(cluster, `scale ${each.kind} ${each.name} --replicas=${to(each)}`),
    );
  }

  private suspend(cluster: NamedCluster, isSuspended: boolean): string[] {
    const patch = JSON.stringify({ spec: { suspend: isSuspended } });
    return clocksOf(this.source.objects).map((name) => this.kubectl(cluster, `patch cronjob ${name} -p '${patch}'`));
  }

  private restoreCommand(backup: string, more: string): string {
    const { to, store, storageClasses, images } = this.wish;
    const classes =
      storageClasses.size === 0
        ? []
        : [`--storage-class-mappings ${[...storageClasses].map(([from, to]) => `${from}:${to}`).join(',')}`];
    const mapped =
      images.length === 0 ? [] : [`--image-mappings ${images.map(([from, to]) => `${from}=${to}`).join(',')}`];
    return [
      shellCommand(['nowwhat', 'restore', 'create', '--from-backup', backup, ...clusterOptions(to), '--store', store]),
      ...classes,
      ...mapped,
      more,
    ].join(' ');
  }

  private lookAhead(): MigrationStep {
    const { namespace } = this.source;
    return {
      title: 'Look ahead',
      why: 'Nothing is stopped yet. The dry run must find no problem: it asks the new cluster about every object.',
      commands: [this.create(`${namespace}-rehearsal`), this.restoreCommand(`${namespace}-rehearsal`, '--dry-run')],
      byHand: hostsOf(this.source.objects).map((host) => `lower the time to live of the DNS record of ${host}`),
    };
  }

  private stop(): MigrationStep {
    const { from } = this.wish;
    return {
      title: 'Stop the app',
      why: 'From here on it is down. What is written after the last backup would be lost.',
      commands: [
        ...this.suspend(from, true),
        ...this.scale(from, () => 0),
        this.kubectl(from, 'wait --for=delete pod --all --timeout=5m'),
      ],
      byHand: [],
    };
  }

  private save(): MigrationStep {
    const { objects } = this.source;
    const claims = claimsOf(objects).map(({ place }) => place.name);
    return {
      title: 'Save it',
      why: 'The last backup, of an app that does not change, and whole.',
      commands: [
        this.create(this.backup),
        shellCommand(['nowwhat', 'backup', 'verify', this.backup, '--store', this.wish.store]),
      ],
      byHand: claims.length === 0 ? [] : [`dump the data of ${claims.join(', ')} where the backup does not hold them`],
    };
  }

  private bringBack(): MigrationStep {
    const claims = claimsOf(this.source.objects).map(({ place }) => place.name);
    return {
      title: 'Bring it to the new cluster, and compare',
      why: 'Workloads come back as they were saved: stopped. The dry run after it compares every object with the backup: all must be there already.',
      commands: [this.restoreCommand(this.backup, '--yes'), this.restoreCommand(this.backup, '--dry-run')],
      byHand: claims.length === 0 ? [] : [`bring the dumps into ${claims.join(', ')}`],
    };
  }

  private start(): MigrationStep {
    const { to } = this.wish;
    const waits = runningOf(this.source.objects).map(({ kind, name }) =>
      this.kubectl(to, `rollout status ${kind}/${name} --timeout=5m`),
    );
    return {
      title: 'Start it there',
      why: 'At the size that it had.',
      commands: [...this.scale(to, ({ replicas }) => replicas), ...waits, ...this.suspend(to, false)],
      byHand: [],
    };
  }

  private turn(): MigrationStep {
    const hosts = hostsOf(this.source.objects);
    return {
      title: 'Turn the traffic',
      why: 'The one step that users notice, and that no command here can take.',
      commands: [this.kubectl(this.wish.to, 'get ingress,service -o wide')],
      byHand:
        hosts.length === 0
          ? ['lead those who call the app to the new cluster']
          : hosts.map((host) => `point the DNS record of ${host} to the new address, and open it in a browser`),
    };
  }

  steps(): MigrationStep[] {
    const { namespace } = this.source;
    const last: MigrationStep = {
      title: 'Keep the old one for a while, then remove it',
      why: 'It is the way back as long as it is there.',
      commands: [],
      byHand: [
        `delete the namespace ${namespace} of ${this.wish.from.context} when nobody calls it any more, and a backup of the new one was proven by a drill`,
      ],
    };
    return [this.lookAhead(), this.stop(), this.save(), this.bringBack(), this.start(), this.turn(), last];
  }

  back(): string[] {
    const { from, to } = this.wish;
    return [
      ...this.suspend(to, true),
      ...this.scale(to, () => 0),
      ...this.scale(from, ({ replicas }) => replicas),
      ...this.suspend(from, false),
    ];
  }
}

function usedClasses(objects: readonly ClonedObject[]): ReadonlyMap<string, string> {
  const used = new Map<string, string>();
  for (const item of objects) {
    const { spec } = item.object;
    const templates = asArray(asObject(spec)['volumeClaimTemplates']).map((each) => asObject(asObject(each)['spec']));
    const specs = item.place.groupResource === 'persistentvolumeclaims' ? [asObject(spec)] : templates;
    for (const { storageClassName } of specs) {
      const name = asString(storageClassName) ?? '';
      if (name !== '' && !used.has(name)) used.set(name, wordsFor(item));
    }
  }
  return used;
}

function classDecisions(
  { objects }: CloneSource,
  { storageClasses }: MigrationWish,
  target: MigrationTarget,
): Decision[] {
  return [...usedClasses(objects)].flatMap(([name, object]) => {
    const mapped = storageClasses.get(name) ?? name;
    if (target.storageClasses.has(mapped)) return [];
    const known = [...target.storageClasses].toSorted().join(', ') || 'none';
    return [
      {
        object,
        text: `asks for the storage class ${mapped}; the new cluster has ${known}`,
        how: `--storage-class-mappings ${name}:CLASS`,
      },
    ];
  });
}

function ingressDecision(item: ClonedObject, target: MigrationTarget): Decision[] {
  const name = asString(asObject(item.object['spec'])['ingressClassName']);
  if (
    item.place.groupResource !== 'ingresses.networking.k8s.io' ||
    name === undefined ||
    target.ingressClasses.has(name)
  )
    return [];
  return [
    {
      object: wordsFor(item),
      text: `asks for the ingress class ${name}, which the new cluster does not have`,
      how: 'install its controller there, or change the class',
    },
  ];
}

function kindDecisions(objects: readonly ClonedObject[], target: MigrationTarget): Decision[] {
  const kinds = new Map<string, ClonedObject>();
  for (const item of objects)
    kinds.set(`${asString(item.object['apiVersion'])} ${asString(item.object['kind'])}`, item);
  return [...kinds].flatMap(([kind, item]) =>
    target.kinds.has(kind) || isDefined(kind, objects)
      ? []
      : [
          {
            object: wordsFor(item),
            text: `is a ${kind}, which the new cluster does not serve`,
            how: 'install what defines it there; a restore takes another version that is served',
          },
        ],
  );
}

/** The definition comes along. */
function isDefined(kind: string, objects: readonly ClonedObject[]): boolean {
  const [group = '', name] = [kind.split('/')[0], kind.split(' ')[1]];
  return objects.some(({ place, object }) => {
    const spec: JsonObject = asObject(object['spec']);
    return (
      place.groupResource.startsWith('customresourcedefinitions.') &&
      spec['group'] === group &&
      asObject(spec['names'])['kind'] === name
    );
  });
}

function nodeDecision(item: ClonedObject): Decision[] {
  const paths = asArray(podTemplateOf(item)['volumes']).flatMap(
    (each) => asString(asObject(asObject(each)['hostPath'])['path']) ?? [],
  );
  return paths.length === 0
    ? []
    : [
        {
          object: wordsFor(item),
          text: `keeps data in ${paths.join(', ')} of its node, which no backup holds`,
          how: 'move them into a claim first',
        },
      ];
}

export function assembleMigration(source: CloneSource, wish: MigrationWish, target: MigrationTarget): Migration {
  const { namespace, objects } = source;
  const planning = new Planning(source, wish);
  const own = objects.filter(({ place }) => place.namespace === namespace);
  const there: Decision[] = target.hasNamespace
    ? [
        {
          object: `Namespace ${namespace}`,
          text: 'is in the new cluster already: what stands there and differs is left as it is',
          how: 'empty it, or restore with --existing-resource-policy',
        },
      ]
    : [];
  const decisions = [
    ...there,
    ...classDecisions({ ...source, objects: own }, wish, target),
    ...own.flatMap((item) => [...ingressDecision(item, target), ...nodeDecision(item)]),
    ...kindDecisions(objects, target),
  ];
  return {
    of: namespace,
    context: wish.from.context,
    toContext: wish.to.context,
    decisions,
    steps: planning.steps(),
    back: planning.back(),
  };
}
