// A large set of apps as a company has them, the same for the same numbers: `node test/bench/generate.mjs FOLDER [OBJECTS] [BYTES]`.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const appsInNamespace = 12;
const words = 'cache queue order invoice user search mail report stock price cart gate audit token session feed'.split(
  ' ',
);

/** Mulberry32: small, fast, and the same everywhere. */
function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function indent(text, by) {
  return text.replace(/^(?=.)/gm, ' '.repeat(by));
}

function labelsOf({ name, namespace }) {
  return `app.kubernetes.io/name: ${name}\napp.kubernetes.io/part-of: ${namespace}\napp.kubernetes.io/managed-by: Helm\ntier: backend\n`;
}

function object(app, type, name, body) {
  const [apiVersion, kind] = type.split(' ');
  const annotations = `annotations:\n  example.com/team: team-${app.number % 40}\n  example.com/revision: "${app.number}"\n`;
  const metadata = `name: ${name}\nnamespace: ${app.namespace}\nlabels:\n${indent(labelsOf(app), 2)}${annotations}`;
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n${indent(metadata, 2)}${body}`;
}

function environment(app, count) {
  let text = '';
  for (let index = 0; index < count; index += 1) {
    const word = words[(app.number + index) % words.length];
    const name = `${word.toUpperCase()}_${index}`;
    if (index % 5 === 0)
      text += `- name: ${name}\n  valueFrom:\n    secretKeyRef:\n      name: ${app.base}-secret\n      key: ${word}\n`;
    else if (index % 7 === 0)
      text += `- name: ${name}\n  valueFrom:\n    configMapKeyRef:\n      name: ${app.base}-config\n      key: app.properties\n`;
    else
      text += `- name: ${name}\n  value: "https://${word}.${app.namespace}.svc.cluster.local:8443/v1?size=${index}"\n`;
  }
  return text;
}

function securityContext(app) {
  if (app.random() < 0.4) return '';
  return `securityContext:
  runAsNonRoot: true
  runAsUser: ${10000 + (app.number % 5000)}
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: ${app.random() < 0.7}
  capabilities:
    drop:
    - ALL
  seccompProfile:
    type: RuntimeDefault
`;
}

function probe(kind, port) {
  return `${kind}:\n  httpGet:\n    path: /${kind}\n    port: ${port}\n  initialDelaySeconds: 5\n  periodSeconds: 10\n  failureThreshold: 3\n`;
}

function container(app, name, port) {
  const resources =
    app.random() < 0.8
      ? 'resources:\n  requests:\n    cpu: 100m\n    memory: 128Mi\n  limits:\n    cpu: "1"\n    memory: 256Mi\n'
      : '';
  const probes = app.random() < 0.7 ? probe('livenessProbe', port) + probe('readinessProbe', port) : '';
  const body = `image: registry.example.com/${app.namespace}/${name}:1.${app.number % 20}.${port % 9}
imagePullPolicy: IfNotPresent # as the team wants it
args: ["--port", "${port}", '--log=json']
ports:
- name: port-${port}
  containerPort: ${port}
  protocol: TCP
env:
${environment(app, 18)}${resources}${probes}${securityContext(app)}volumeMounts:
- name: config
  mountPath: /etc/${name}
  readOnly: true
- name: tmp
  mountPath: /tmp
`;
  return `- name: ${name}\n${indent(body, 2)}`;
}

function podSpec(app) {
  const { name } = app;
  return `serviceAccountName: ${app.base}
automountServiceAccountToken: ${app.random() < 0.5}
terminationGracePeriodSeconds: 30
containers:
${container(app, name, 8080)}${container(app, `${name}-proxy`, 9090)}${container(app, `${name}-agent`, 9191)}volumes:
- name: config
  configMap:
    name: ${app.base}-config
- name: tmp
  emptyDir: {}
affinity:
  podAntiAffinity:
    preferredDuringSchedulingIgnoredDuringExecution:
    - weight: 100
      podAffinityTerm:
        topologyKey: kubernetes.io/hostname
        labelSelector:
          matchLabels:
            app.kubernetes.io/name: ${name}
`;
}

function podTemplate(app) {
  return `metadata:\n  labels:\n${indent(labelsOf(app), 4)}spec:\n${indent(podSpec(app), 2)}`;
}

function workloadSpec(app) {
  return `replicas: ${1 + Math.floor(app.random() * 4)}
selector:
  matchLabels:
    app.kubernetes.io/name: ${app.name}
template:
${indent(podTemplate(app), 2)}`;
}

function deployment(app) {
  return object(app, 'apps/v1 Deployment', app.name, `spec:\n${indent(workloadSpec(app), 2)}`);
}

function statefulSet(app) {
  const store = { ...app, name: `${app.name}-store` };
  const spec = `serviceName: ${app.name}\n${workloadSpec(store)}`;
  return object(store, 'apps/v1 StatefulSet', store.name, `spec:\n${indent(spec, 2)}`);
}

function cronJob(app) {
  const job = { ...app, name: `${app.name}-report` };
  const template = indent(podTemplate(job), 6).replace(/^(\s+)spec:$/m, '$1spec:\n$1  restartPolicy: OnFailure');
  const spec = `schedule: "${app.number % 60} 3 * * *"\nconcurrencyPolicy: Forbid\njobTemplate:\n  spec:\n    template:\n${template}`;
  return object(job, 'batch/v1 CronJob', job.name, `spec:\n${indent(spec, 2)}`);
}

function service(app) {
  const type = app.random() < 0.1 ? 'NodePort' : 'ClusterIP';
  const ports = '- name: http\n  port: 80\n  targetPort: 8080\n- name: metrics\n  port: 9090\n  targetPort: 9090\n';
  const spec = `type: ${type}\nselector:\n  app.kubernetes.io/name: ${app.name}\nports:\n${ports}`;
  return object(app, 'v1 Service', app.name, `spec:\n${indent(spec, 2)}`);
}

function configMap(app, name, bytes) {
  const lines = ['# Settings of the app', ''];
  let size = 0;
  for (let index = 0; size < bytes; index += 1) {
    const word = words[(index * 7 + app.number) % words.length];
    const line = `${word}.settings[${index}].url = jdbc:postgresql://${word}-db:5432/${word}?ssl=true&size=${index}`;
    size += line.length + 5;
    lines.push(line);
  }
  return object(app, 'v1 ConfigMap', name, `data:\n  app.properties: |\n${indent(`${lines.join('\n')}\n`, 4)}`);
}

function secret(app) {
  const data = [...new Set(words)]
    .map((word) => `  ${word}: ${Buffer.from(`${app.name} ${word}`).toString('base64')}\n`)
    .join('');
  return object(app, 'v1 Secret', `${app.name}-secret`, `type: Opaque\ndata:\n${data}`);
}

function networkPolicy(app) {
  const peer = `${app.namespace}-app-${(app.number + 1) % appsInNamespace}`;
  const spec = `podSelector:
  matchLabels:
    app.kubernetes.io/name: ${app.name}
policyTypes: [Ingress, Egress]
ingress:
- from:
  - podSelector:
      matchLabels:
        app.kubernetes.io/name: ${peer}
  ports:
  - port: 8080
egress:
- to:
  - namespaceSelector:
      matchLabels:
        kubernetes.io/metadata.name: kube-system
  ports:
  - {port: 53, protocol: UDP}
  - {port: 53, protocol: TCP}
`;
  return object(app, 'networking.k8s.io/v1 NetworkPolicy', app.name, `spec:\n${indent(spec, 2)}`);
}

function ingress(app) {
  const spec = `ingressClassName: nginx
tls:
- hosts: ["${app.name}.example.com"]
  secretName: ${app.name}-tls
rules:
- host: ${app.name}.example.com
  http:
    paths:
    - path: /
      pathType: Prefix
      backend:
        service:
          name: ${app.name}
          port:
            number: 80
`;
  return object(app, 'networking.k8s.io/v1 Ingress', app.name, `spec:\n${indent(spec, 2)}`);
}

function disruptionBudget(app) {
  const spec = `minAvailable: 1\nselector:\n  matchLabels:\n    app.kubernetes.io/name: ${app.name}\n`;
  return object(app, 'policy/v1 PodDisruptionBudget', app.name, `spec:\n${indent(spec, 2)}`);
}

function autoscaler(app) {
  const metrics =
    '- type: Resource\n  resource:\n    name: cpu\n    target:\n      type: Utilization\n      averageUtilization: 70\n';
  const target = `scaleTargetRef:\n  apiVersion: apps/v1\n  kind: Deployment\n  name: ${app.name}\n`;
  const spec = `${target}minReplicas: 2\nmaxReplicas: 8\nmetrics:\n${metrics}`;
  return object(app, 'autoscaling/v2 HorizontalPodAutoscaler', app.name, `spec:\n${indent(spec, 2)}`);
}

function role(app) {
  const verbs = app.random() < 0.1 ? '["*"]' : '["get", "list", "watch"]';
  const rules = `rules:\n- apiGroups: [""]\n  resources: ["configmaps"]\n  verbs: ${verbs}\n`;
  return object(app, 'rbac.authorization.k8s.io/v1 Role', app.name, rules);
}

function roleBinding(app) {
  const ref = `roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: Role\n  name: ${app.name}\n`;
  const subjects = `subjects:\n- kind: ServiceAccount\n  name: ${app.name}\n  namespace: ${app.namespace}\n`;
  return object(app, 'rbac.authorization.k8s.io/v1 RoleBinding', app.name, ref + subjects);
}

function serviceAccount(app) {
  return object(app, 'v1 ServiceAccount', app.name, 'automountServiceAccountToken: false\n');
}

const kinds = [
  deployment,
  statefulSet,
  cronJob,
  service,
  secret,
  networkPolicy,
  ingress,
  disruptionBudget,
  autoscaler,
  role,
  roleBinding,
  serviceAccount,
];

function namespaceText(namespace) {
  const enforce = 'pod-security.kubernetes.io/enforce: baseline';
  return `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${namespace}\n  labels:\n    ${enforce}\n`;
}

/** The documents of one app: all its objects, and ConfigMaps that fill it up to `bytes`. */
function appDocuments(app, bytes) {
  const documents = kinds.map((make) => make(app));
  const left = bytes - documents.reduce((sum, text) => sum + text.length + 4, 0);
  documents.push(configMap(app, `${app.name}-config`, Math.max(200, left - 550)));
  return documents;
}

function makeApp(number) {
  const namespace = `shop-${Math.floor(number / appsInNamespace)}`;
  const name = `${namespace}-app-${number % appsInNamespace}`;
  return { number, namespace, name, base: name, random: randomFrom(number + 1) };
}

/** Files of `objects` objects that take about `bytes` characters together: name and text, one file for an app. */
export function* generateFiles(objects, bytes) {
  const perApp = (bytes / objects) * (kinds.length + 1);
  let left = objects;
  for (let number = 0; left > 0; number += 1) {
    const app = makeApp(number);
    const documents = number % appsInNamespace === 0 ? [namespaceText(app.namespace)] : [];
    documents.push(...appDocuments(app, perApp));
    const taken = documents.slice(0, left);
    left -= taken.length;
    yield { name: `${app.name}.yaml`, text: taken.map((text) => `---\n${text}`).join('') };
  }
}

/** Writes the files into a folder of its own; gives the number of bytes. */
export function writeFiles(folder, objects, bytes) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  let written = 0;
  for (const { name, text } of generateFiles(objects, bytes)) {
    writeFileSync(join(folder, name), text);
    written += text.length;
  }
  return written;
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [folder = 'bench-input', objects = '10000', bytes = String(Number(objects) * 4000)] = process.argv.slice(2);
  console.log(`${writeFiles(folder, Number(objects), Number(bytes))} bytes in ${folder}`);
}
