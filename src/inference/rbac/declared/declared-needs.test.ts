import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createInventory } from '../../../inventory/index.ts';
import { snapshotOf } from '../../../inventory/snapshot-builder.ts';
import { declaredNeeds, needText } from '../index.ts';
import { simpleCommands } from './shell-commands.ts';

interface Declared {
  readonly needs: string[];
  readonly notes: readonly string[];
}

function declaredIn(text: string): Declared {
  const [only] = declaredNeeds(createInventory(snapshotOf(text)));
  return { needs: only?.uses.map(({ need }) => needText(need)) ?? [], notes: only?.notes ?? [] };
}

function pod(container: object, more: object = {}): string {
  const spec = { serviceAccountName: 'web', containers: [{ name: 'a', image: 'a', ...container }], ...more };
  return `---\n${JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'shop' }, spec })}\n`;
}

function script(text: string, more: object = {}): Declared {
  return declaredIn(pod({ command: ['sh', '-ec', text], ...more }));
}

describe('kubectl in a script', () => {
  it.each([
    ['kubectl get pods', ['list pods in shop']],
    ['kubectl get pod web -o yaml', ['get pods "web" in shop']],
    ['kubectl get po,svc -n other -l app=web', ['list pods in other', 'list services in other']],
    ['kubectl -n other get deploy/web', ['get deployments.apps "web" in other']],
    ['kubectl get nodes', ['list nodes']],
    ['kubectl get pods -A', ['list pods']],
    ['kubectl get ns shop', ['get namespaces "shop" in shop']],
    ['kubectl get --raw /metrics', ['get /metrics']],
    ['kubectl get --raw /api/v1/namespaces/a/pods?limit=1', ['list pods in a']],
    ['kubectl get certificates.cert-manager.io', ['list certificates.cert-manager.io in shop']],
    ['kubectl get pods --watch', ['list pods in shop', 'list pods in shop', 'watch pods in shop']],
    [
      'kubectl rollout restart deployment web',
      ['get deployments.apps "web" in shop', 'patch deployments.apps "web" in shop'],
    ],
    [
      'kubectl scale --replicas=0 deploy web',
      ['get deployments.apps "web" in shop', 'patch deployments.apps/scale "web" in shop'],
    ],
    ['kubectl logs web', ['get pods "web" in shop', 'get pods/log "web" in shop']],
    ['kubectl logs deploy/web', ['get deployments.apps "web" in shop', 'list pods in shop', 'get pods/log in shop']],
    ['kubectl delete job old --ignore-not-found', ['delete jobs.batch "old" in shop']],
    ['kubectl delete pods -l app=web', ['list pods in shop', 'delete pods in shop']],
    [
      'kubectl create job now --from=cronjob/nightly',
      ['get cronjobs.batch "nightly" in shop', 'create jobs.batch in shop'],
    ],
    ['kubectl annotate pod web a=b c-', ['get pods "web" in shop', 'patch pods "web" in shop']],
    ['kubectl version && kubectl auth can-i list pods', []],
    [
      'kubectl create configmap a --dry-run=client -o yaml | kubectl apply -f -',
      ['get configmaps "a" in shop', 'patch configmaps "a" in shop', 'create configmaps in shop'],
    ],
    [
      'for p in $(kubectl get pods -o name); do\n  kubectl delete pod "$p" # gone\ndone',
      ['list pods in shop', 'delete pods in shop'],
    ],
    ['if ! kubectl get cm a >/dev/null 2>&1; then exit 1; fi', ['get configmaps "a" in shop']],
    ['timeout 30 kubectl \\\n  get \\\n  secret x', ['get secrets "x" in shop']],
    ['# kubectl delete pods --all\necho "kubectl get nodes"', []],
    ['STATE="$(kubectl get deploy web -o jsonpath={.status})"', ['get deployments.apps "web" in shop']],
    ['kubectl get pod ${NAME}', ['get pods "web-0" in shop']],
  ])('%s', (text, needs) => {
    const env = [{ name: 'NAME', value: 'web-0' }];
    expect(script(text, { env })).toEqual({ needs, notes: [] });
  });

  it.each([
    [
      'kubectl apply -f /somewhere/app.yaml',
      'kubectl apply in container "a": the file that it takes is not in a ConfigMap of the pod.',
    ],
    ['kubectl get pods -n $NS', 'kubectl get in container "a": its namespace is not known.'],
    ['kubectl frobnicate', 'kubectl frobnicate in container "a": what kubectl frobnicate needs is not known.'],
    ['kubectl get $WHAT', 'kubectl get in container "a": "$WHAT" names no resource that can be told.'],
    ['kubectl get pods,$WHAT', 'kubectl get in container "a": "pods,$WHAT" names no resource that can be told.'],
  ])('that cannot be told is told as such: %s', (text, note) => {
    expect(script(text)).toEqual({ needs: [], notes: [note] });
  });

  it('may be the command itself, the image, or stand in a ConfigMap, with the file that it applies', () => {
    expect(declaredIn(pod({ command: ['/bin/kubectl', 'get', 'pods'] })).needs).toEqual(['list pods in shop']);
    expect(declaredIn(pod({ image: 'registry.k8s.io/kubectl:v1.34.0', args: ['get', 'pods'] })).needs).toEqual([
      'list pods in shop',
    ]);
    const manifest = '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"}}';
    const config = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'c', namespace: 'shop' },
      data: { 'run.sh': '#!/bin/sh\nkubectl apply -f /cfg/s.json', 's.json': manifest },
    };
    const volumes = [{ name: 'cfg', configMap: { name: 'c' } }];
    const { needs, notes } = declaredIn(
      `${JSON.stringify(config)}\n${pod({ command: ['sh', '/cfg/run.sh'] }, { volumes })}`,
    );
    expect({ needs, notes }).toEqual({
      needs: ['get secrets "s" in shop', 'patch secrets "s" in shop', 'create secrets in shop'],
      notes: [],
    });
  });

  it('says where it stands', () => {
    const [only] = declaredNeeds(createInventory(snapshotOf(pod({ command: ['kubectl', 'get', 'pods'] }))));
    expect(only).toMatchObject({
      user: 'system:serviceaccount:shop:web',
      uses: [{ events: 0, declared: [{ what: 'kubectl get in container "a"' }] }],
    });
  });
});

describe('programs that are known', () => {
  const prometheus = `scrape_configs:
- job_name: a
  kubernetes_sd_configs:
  - role: endpoints
    namespaces: {names: [shop]}
  - role: node
- job_name: elsewhere
  kubernetes_sd_configs: [{role: pod, api_server: "https://elsewhere"}]
`;
  const config = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'c', namespace: 'shop' },
    data: { 'prometheus.yml': prometheus },
  };

  it('discover like Prometheus', () => {
    const { needs } = declaredIn(
      `${JSON.stringify(config)}\n${pod({}, { volumes: [{ name: 'c', configMap: { name: 'c' } }] })}`,
    );
    expect(needs).toEqual(
      ['endpoints in shop', 'services in shop', 'pods in shop', 'nodes'].flatMap((what) => [
        `list ${what}`,
        `watch ${what}`,
      ]),
    );
  });

  it.each([
    [{ image: 'quay.io/kiwigrid/k8s-sidecar:1.28' }, ['configmaps in shop']],
    [
      {
        image: 'k8s-sidecar',
        env: [
          { name: 'RESOURCE', value: 'both' },
          { name: 'NAMESPACE', value: 'ALL' },
        ],
      },
      ['configmaps', 'secrets'],
    ],
  ])('%j', (container, kinds) => {
    expect(declaredIn(pod(container)).needs).toEqual(
      kinds.flatMap((kind) => ['get', 'list', 'watch'].map((verb) => `${verb} ${kind}`)),
    );
  });

  it('have needs by their flags, and unknown images none', () => {
    const args = ['--resources=pods,nodes', '--namespaces=shop'];
    expect(declaredIn(pod({ image: 'registry.k8s.io/kube-state-metrics/kube-state-metrics:v2', args })).needs).toEqual([
      'list pods in shop',
      'watch pods in shop',
      'list nodes',
      'watch nodes',
    ]);
    expect(declaredIn(pod({ image: 'shop/not-k8s-sidecar-at-all:1' })).needs).toEqual([]);
  });
});

describe('a script of the shell', () => {
  it('never stops the reader, whatever is in it', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom(
            'a',
            ' ',
            '"',
            "'",
            '\\',
            '$',
            '(',
            ')',
            '{',
            '}',
            '|',
            ';',
            '&',
            '#',
            '\n',
            '`',
            '=',
            '-',
            '<',
            '>',
          ),
        }),
        (text) => {
          expect(Array.isArray(simpleCommands(text))).toBe(true);
        },
      ),
    );
  });

  it('has words as quoted', () => {
    expect(simpleCommands(`a 'b c' "d \\" e"f g\\ h ''`)).toEqual([
      { words: ['a', 'b c', 'd " ef', 'g h', ''], isPiped: false },
    ]);
    expect(simpleCommands('a | b || c')).toEqual([
      { words: ['a'], isPiped: false },
      { words: ['b'], isPiped: true },
      { words: ['c'], isPiped: false },
    ]);
  });
});
