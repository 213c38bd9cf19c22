import { describe, expect, it } from 'vitest';
import { contextFor, openTarget, wishFor } from '../../../../test/backup/restoring.ts';
import type { JsonObject } from '../../../model/index.ts';
import type { AskImages, Presence } from './presence.ts';
import { restoreBackup } from '../restore-backup.ts';

function object(type: string, place: string, rest: JsonObject = {}, metadata: JsonObject = {}): JsonObject {
  const at = type.lastIndexOf('/');
  const [name = '', namespace = ''] = place.split('/').toReversed();
  return {
    apiVersion: type.slice(0, at),
    kind: type.slice(at + 1),
    metadata: { name, ...(namespace === '' ? {} : { namespace }), ...metadata },
    ...rest,
  };
}

const container = {
  name: 'c',
  image: 'r.test/a:1',
  resources: { requests: { cpu: '500m', memory: '64Mi' }, limits: { memory: '2Gi' } },
};

function deployment(spec: JsonObject = {}): JsonObject {
  const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [container], ...spec } };
  return object('apps/v1/Deployment', 'shop/web', {
    spec: { replicas: 3, selector: { matchLabels: { app: 'web' } }, template },
  });
}

function namespace(labels: JsonObject = {}): JsonObject {
  return object('v1/Namespace', 'shop', {}, { labels });
}

interface Setup {
  readonly there?: readonly JsonObject[];
  readonly saved?: readonly JsonObject[];
  readonly denied?: string;
  readonly nodes?: readonly JsonObject[];
  /** Of registries. */
  readonly answers?: Readonly<Record<string, Presence>>;
}

/** A node with these images; as long a list as a kubelet tells at most, where it may not be the whole. */
function node(images: readonly string[], others = 0): JsonObject {
  const names = [...images, ...Array.from({ length: others }, (_, index) => `r.test/other:${index}`)];
  return object('v1/Node', 'n1', { status: { images: names.map((name) => ({ names: [name], sizeBytes: 1 })) } });
}

async function messages({
  there = [],
  saved = [deployment()],
  denied,
  nodes = [node(['r.test/a:1'])],
  answers,
}: Setup): Promise<string[]> {
  const { client, playground } = await openTarget([namespace(), ...nodes, ...there], { controllers: false });
  if (denied !== undefined)
    playground.faults.add({
      when: { verb: 'list', resource: denied },
      effect: { kind: 'refuse', code: 403 },
      times: 9,
    });
  const askImages: AskImages = (images) =>
    Promise.resolve(new Map(images.flatMap((each) => (answers?.[each] === undefined ? [] : [[each, answers[each]]]))));
  const context = { ...(await contextFor(client, saved)), ...(answers === undefined ? {} : { askImages }) };
  const { preflight } = await restoreBackup(wishFor({ dryRun: true }), context);
  return preflight.map(({ level, about, message, objects }) => `${level} ${about}: ${message} [${objects.join(' ')}]`);
}

const webhook = (rest: JsonObject = {}): JsonObject =>
  object('admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration', 'guard', {
    webhooks: [
      {
        name: 'guard.example.com',
        failurePolicy: 'Fail',
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        clientConfig: { service: { namespace: 'guard', name: 'guard' } },
        rules: [{ apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['deployments'] }],
        ...rest,
      },
    ],
  });

describe('before anything is written', () => {
  it('a cluster that has all has nothing to say', async () => {
    expect(await messages({})).toEqual([]);
  });

  it.each<[string, Setup, string]>([
    [
      'a storage class',
      {
        saved: [
          object('v1/PersistentVolumeClaim', 'shop/data', {
            spec: {
              storageClassName: 'gold',
              accessModes: ['ReadWriteOnce'],
              resources: { requests: { storage: '1Gi' } },
            },
          }),
        ],
      },
      'problem storage class: there is no storage class "gold" [persistentvolumeclaims shop/data]',
    ],
    [
      'a priority class',
      { saved: [deployment({ priorityClassName: 'high' })] },
      'problem priority class: there is no priority class "high" [deployments.apps shop/web]',
    ],
    [
      'a runtime class',
      { saved: [deployment({ runtimeClassName: 'gvisor' })] },
      'problem runtime class: there is no runtime class "gvisor" [deployments.apps shop/web]',
    ],
    [
      'an ingress class',
      {
        saved: [
          object('networking.k8s.io/v1/Ingress', 'shop/web', {
            spec: { ingressClassName: 'nginx', defaultBackend: { service: { name: 'web', port: { number: 80 } } } },
          }),
        ],
      },
      'problem ingress class: there is no ingress class "nginx" [ingresses.networking.k8s.io shop/web]',
    ],
  ])('%s that is missing is found', async (_what, setup, expected) => {
    expect(await messages(setup)).toContain(expected);
  });

  it('a class that comes back too is not missing', async () => {
    const saved = [
      deployment({ priorityClassName: 'high' }),
      object('scheduling.k8s.io/v1/PriorityClass', 'high', { value: 5 }),
    ];
    expect(await messages({ saved })).toEqual([]);
  });

  it('a node port that another Service has is found', async () => {
    const service = (place: string): JsonObject =>
      object('v1/Service', place, {
        spec: { type: 'NodePort', selector: { app: 'x' }, ports: [{ port: 80, nodePort: 30080 }] },
      });
    const wanted = {
      ...service('shop/web'),
      metadata: {
        name: 'web',
        namespace: 'shop',
        annotations: {
          'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({
            spec: { ports: [{ port: 80, nodePort: 30080 }] },
          }),
        },
      },
    };
    expect(await messages({ there: [service('other/web')], saved: [wanted] })).toContain(
      'problem node port: 30080 is taken by the Service other/web [services shop/web]',
    );
  });

  it('a quota that would be exceeded is found, with what is used already', async () => {
    const quota = object('v1/ResourceQuota', 'shop/quota', {
      spec: { hard: { pods: '4', 'requests.cpu': '2' } },
      status: { hard: { pods: '4', 'requests.cpu': '2' }, used: { pods: '2', 'requests.cpu': '250m' } },
    });
    expect(await messages({ there: [quota] })).toEqual([
      'problem quota: shop/quota allows pods of 4, and it would be 5 []',
    ]);
  });

  it('a limit range that a container breaks is found', async () => {
    const range = object('v1/LimitRange', 'shop/limits', {
      spec: { limits: [{ type: 'Container', max: { memory: '1Gi' } }] },
    });
    expect(await messages({ there: [range] })).toEqual([
      'problem limit range: shop/limits allows a container memory of 1Gi at most [deployments.apps shop/web]',
    ]);
  });

  it('Pod Security that pods break is found, in the namespace as it comes back', async () => {
    const saved = [
      {
        ...namespace({ 'pod-security.kubernetes.io/enforce': 'baseline' }),
        metadata: { name: 'new', labels: { 'pod-security.kubernetes.io/enforce': 'baseline' } },
      },
      { ...deployment({ hostNetwork: true }), metadata: { name: 'web', namespace: 'new' } },
    ];
    expect(await messages({ saved })).toEqual([
      'problem pod security: new enforces baseline, which pods break by hostNamespaces [deployments.apps new/web]',
    ]);
  });

  it('a webhook that nobody answers for is found; one that somebody does is told', async () => {
    expect(await messages({ there: [webhook()] })).toEqual([
      'problem webhook: guard.example.com must agree to what is created, and its Service guard/guard is not there [deployments.apps]',
    ]);
    expect(await messages({ there: [webhook({ failurePolicy: 'Ignore' })] })).toEqual([
      'note webhook: guard.example.com is asked about what is created [deployments.apps]',
    ]);
    const other = [{ apiGroups: ['batch'], apiVersions: ['v1'], operations: ['*'], resources: ['jobs'] }];
    expect(await messages({ there: [webhook({ rules: other })] })).toEqual([]);
  });

  describe('images', () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const running = (...images: readonly string[]) => [
      deployment({ containers: images.map((image, index) => ({ name: `c${index}`, image })) }),
    ];
    const onWeb = '[deployments.apps shop/web]';

    it.each([
      ['nginx', 'docker.io/library/nginx:latest'],
      ['docker.io/nginx:1.27', 'docker.io/library/nginx:1.27'],
      [`r.test/a:2@${digest}`, `r.test/a@${digest}`],
    ])('%s is there where a node tells %s', async (image, name) => {
      expect(await messages({ saved: running(image), nodes: [node([name])] })).toEqual([]);
    });

    it('that no node tells are unknown, and whom to ask is said', async () => {
      const init = { initContainers: [{ name: 'i', image: 'r.test/i:1' }] };
      expect(await messages({ saved: [deployment(init)] })).toEqual([
        `unknown image: no node tells that it has r.test/i:1; whether they can be pulled, --check-images asks their registries ${onWeb}`,
      ]);
      expect((await messages({ denied: 'nodes' }))[0]).toContain('unknown image: nodes may not be listed');
    });

    it('are known from their registries, where these are asked', async () => {
      const answers = {
        'r.test/there:1': { state: 'there' },
        'r.test/gone:1': { state: 'missing', reason: 'registry r.test: it has no "gone:1"' },
        'r.test/private:1': { state: 'unknown', reason: 'registry r.test: it does not let you read this image' },
      } as const;
      expect(await messages({ saved: running('r.test/a:1', ...Object.keys(answers)), answers })).toEqual([
        `problem image: r.test/gone:1: registry r.test: it has no "gone:1" ${onWeb}`,
        `unknown image: r.test/private:1: registry r.test: it does not let you read this image ${onWeb}`,
        `note image: their registries have r.test/there:1, seen from here; a node must reach them as well ${onWeb}`,
      ]);
    });

    it('that nobody may pull are a problem where the nodes tell all that they have', async () => {
      const saved = [deployment({ containers: [{ name: 'c', image: 'r.test/own:1', imagePullPolicy: 'Never' }] })];
      expect(await messages({ saved, answers: {} })).toEqual([
        `problem image: r.test/own:1 is on no node, and is never pulled ${onWeb}`,
      ]);
      expect((await messages({ saved, nodes: [node([], 50)] }))[0]).toContain('unknown image: no node tells');
    });
  });

  it('what may not be read is unknown, and not fine', async () => {
    expect(await messages({ denied: 'limitranges' })).toEqual([
      'unknown limit range: limit ranges of the namespaces may not be listed []',
    ]);
  });
});

describe('a dry run of what needs a definition that comes back too', () => {
  it('does not count it as failed', async () => {
    const { client } = await openTarget([namespace()], { controllers: false });
    const definition = object('apiextensions.k8s.io/v1/CustomResourceDefinition', 'widgets.shop.example.com', {
      spec: {
        group: 'shop.example.com',
        scope: 'Namespaced',
        names: { kind: 'Widget', plural: 'widgets', singular: 'widget', listKind: 'WidgetList' },
        versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
      },
    });
    const widget = object('shop.example.com/v1/Widget', 'shop/round');
    const context = await contextFor(client, [definition, widget]);
    const report = await restoreBackup(wishFor({ dryRun: true }), context);
    expect(report.counts).toMatchObject({ created: 2, failed: 0 });
    expect(report.items).toContainEqual(
      expect.objectContaining({ kind: 'Widget', message: 'its definition is new: not tried' }),
    );
  });
});
