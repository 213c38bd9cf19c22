// New objects in folders of every habit: where they go, and how they are written there.

import { describe, expect, it } from 'vitest';
import { parseManifests } from '../../kube/manifests/parse-manifests.ts';
import type { JsonObject, Snapshot, SourceText } from '../../model/index.ts';
import { editFiles, withEditedFiles } from '../edit-files.ts';

const object = (kind: string, name: string, rest = ''): string =>
  `apiVersion: ${kind === 'Deployment' ? 'apps/v1' : 'v1'}\nkind: ${kind}\nmetadata:\n  name: ${name}\n${rest}`;

function folderOf(files: Readonly<Record<string, string>>): Snapshot {
  const texts: SourceText[] = Object.entries(files).map(([file, text]) => ({ file, text, rendered: false }));
  const objects = texts.flatMap((source, textIndex) => {
    const origin = { kind: 'manifest', unit: source.file } as const;
    return parseManifests(source, { textIndex, origin, namespace: 'default' }).objects;
  });
  const facts = { inputs: ['k8s'], files: texts.length, minor: 34 };
  return { objects, texts, facts, unreadable: [], skipped: [], duplicateKeys: [], redefinitions: [] };
}

function account(name: string): JsonObject {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } };
}

const budget = (name: string): JsonObject => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name },
  spec: { minAvailable: 1, selector: { matchLabels: { app: name } } },
});

const policy = (name: string): JsonObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name },
  spec: { podSelector: {}, policyTypes: ['Ingress'] },
});

const namespace: JsonObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };

/** Each new object is for the first object of its name, else for the first of all. */
function add(files: Readonly<Record<string, string>>, ...raws: readonly JsonObject[]) {
  const snapshot = folderOf(files);
  const create = raws.map((raw) => {
    const name = (raw['metadata'] as JsonObject)['name'];
    const beside = snapshot.objects.find((each) => each.name === name) ?? snapshot.objects[0];
    if (beside === undefined) throw new Error('an empty folder');
    return { raw, beside };
  });
  const edited = editFiles(snapshot, [{ edits: [], create }]);
  expect(edited.refused).toEqual([]);
  const again = withEditedFiles(snapshot, edited.files);
  expect(again.objects.slice(snapshot.objects.length).map(({ raw }) => raw)).toHaveLength(raws.length);
  expect(again.objects.slice(0, snapshot.objects.length).map(({ raw }) => raw)).toEqual(
    snapshot.objects.map(({ raw }) => raw),
  );
  // What is there now is there already the next time.
  const twice = editFiles(again, [
    { edits: [], create: create.map((each) => ({ ...each, beside: again.objects[0] ?? each.beside })) },
  ]);
  expect(twice.files).toEqual([]);
  return Object.fromEntries(edited.files.map(({ file, after }) => [file, after]));
}

const names = (files: object): string[] => Object.keys(files);

describe('a new object', () => {
  it('joins its app, where each app has a file', () => {
    const web = `${object('Deployment', 'web')}---\n${object('Service', 'web')}`;
    const files = { 'k8s/api.yaml': web.replaceAll('web', 'api'), 'k8s/web.yaml': web };
    expect(add(files, account('web'))).toEqual({ 'k8s/web.yaml': `${web}---\n${object('ServiceAccount', 'web')}` });
  });

  it('has a file of its own, where each object has one, spelled as the others are', () => {
    const each = (kind: string, name: string, file: string) => ({ [`k8s/${file}`]: object(kind, name) });
    const kebab = {
      ...each('Deployment', 'web', 'web-deployment.yaml'),
      ...each('Service', 'web', 'web-service.yaml'),
      ...each('PersistentVolumeClaim', 'db', 'db-persistent-volume-claim.yaml'),
    };
    expect(names(add(kebab, budget('web')))).toEqual(['k8s/web-pod-disruption-budget.yaml']);
    const joined = {
      ...each('Deployment', 'web', 'deployment_web.yml'),
      ...each('ServiceAccount', 'x', 'serviceaccount_x.yml'),
    };
    expect(names(add(joined, budget('web')))).toEqual(['k8s/poddisruptionbudget_web.yml']);
    const short = { ...each('Deployment', 'web', 'web-deploy.yaml'), ...each('Service', 'web', 'web-svc.yaml') };
    expect(names(add(short, budget('web'), account('web')))).toEqual(['k8s/web-pdb.yaml', 'k8s/web-sa.yaml']);
    const kinds = {
      ...each('Deployment', 'web', 'deployment.yaml'),
      ...each('ServiceAccount', 'web', 'serviceAccount.yaml'),
    };
    expect(names(add(kinds, budget('web')))).toEqual(['k8s/podDisruptionBudget.yaml']);
  });

  it('joins its kind, where each kind has a file', () => {
    const services = `${object('Service', 'a')}---\n${object('Service', 'b')}`;
    const deployments = `${object('Deployment', 'a')}---\n${object('Deployment', 'b')}`;
    const files = { 'k8s/deployments.yaml': deployments, 'k8s/services.yaml': services };
    const added = add(files, account('a'), account('b'));
    expect(names(added)).toEqual(['k8s/service-accounts.yaml']);
    const more = { ...files, 'k8s/service-accounts.yaml': object('ServiceAccount', 'c') };
    expect(names(add(more, account('a')))).toEqual(['k8s/service-accounts.yaml']);
  });

  it('keeps to the numbers of a folder that has some', () => {
    const files = { 'k8s/10-db.yaml': object('Deployment', 'db'), 'k8s/20-web.yaml': object('Deployment', 'web') };
    expect(names(add(files, account('web'), policy('default-deny')))).toEqual([
      'k8s/20-web-service-account.yaml',
      'k8s/30-network-policy.yaml',
    ]);
    expect(names(add(files, namespace))).toEqual(['k8s/09-namespace.yaml']);
  });

  it('is applied before all others where it is a namespace', () => {
    const config = object('ConfigMap', 'c');
    const web = object('Deployment', 'web');
    expect(names(add({ 'k8s/web.yaml': web, 'k8s/x.yaml': config }, namespace))).toEqual(['k8s/namespace.yaml']);
    expect(names(add({ 'k8s/00-config.yaml': config, 'k8s/web.yaml': web }, namespace))).toEqual([
      'k8s/0-namespace.yaml',
    ]);
    const one = `# all of it\n${web}---\n${config}`;
    const before = '---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n';
    expect(add({ 'app.yaml': one }, namespace)).toEqual({ 'app.yaml': `${before.slice(4)}---\n${one}` });
  });

  it('is written by the hand that wrote the others', () => {
    const flat = `${object('Deployment', 'web')}spec:\n  a:\n  - b\n---\n${object('Service', 'web')}`.replaceAll(
      '\n',
      '\r\n',
    );
    const added = add({ 'web.yaml': flat.trimEnd() }, policy('web'));
    expect(added['web.yaml']).toBe(
      `${flat.trimEnd()}\r\n---\r\napiVersion: networking.k8s.io/v1\r\nkind: NetworkPolicy\r\nmetadata:\r\n  name: web\r\nspec:\r\n  podSelector: {}\r\n  policyTypes:\r\n  - Ingress\r\n`,
    );
  });

  it('is an item, where the app is a list, in YAML and in JSON', () => {
    const list =
      'kind: List\napiVersion: v1\nitems:\n- apiVersion: apps/v1\n  kind: Deployment\n  metadata: {name: web}\n- apiVersion: v1\n  kind: Service\n  metadata: {name: web}\n';
    expect(add({ 'app.yaml': list }, account('web'))['app.yaml']).toBe(
      `${list}- apiVersion: v1\n  kind: ServiceAccount\n  metadata:\n    name: web\n`,
    );
    const item = (kind: string) => ({ apiVersion: 'v1', kind, metadata: { name: 'web' } });
    const json = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [item('Service'), item('Pod')] }, null, 2);
    const added = add({ 'app.json': json }, account('web'))['app.json'] ?? '';
    expect(JSON.parse(added)).toMatchObject({ items: [item('Service'), item('Pod'), item('ServiceAccount')] });
  });

  it('is JSON in a folder of JSON', () => {
    const files = {
      'k8s/a.json': '{"apiVersion":"v1","kind":"Service","metadata":{"name":"a"}}',
      'k8s/b.json': '{"apiVersion":"v1","kind":"Service","metadata":{"name":"b"}}',
    };
    const [[file, text] = ['', '']] = Object.entries(add(files, account('a')));
    expect(file).toBe('k8s/a-service-account.json');
    expect(JSON.parse(text)).toEqual(account('a'));
  });

  it('names its namespace where the object beside it does', () => {
    const files = { 'a.yaml': object('Service', 'a', '  namespace: shop\n'), 'b.yaml': object('Service', 'b') };
    expect(add(files, account('a'), account('b'))).toEqual({
      'a-service-account.yaml': object('ServiceAccount', 'a', '  namespace: shop\n'),
      'b-service-account.yaml': object('ServiceAccount', 'b'),
    });
  });

  it('never takes the name of a file that is there', () => {
    const snapshot = folderOf({ 'k8s/a.yaml': object('Service', 'a'), 'k8s/b.yaml': object('Service', 'b') });
    const create = snapshot.objects.slice(0, 1).map((beside) => ({ raw: account('a'), beside }));
    const taken = new Set(['k8s/a-service-account.yaml']);
    const { files } = editFiles(snapshot, [{ edits: [], create }], { isTaken: (file) => taken.has(file) });
    expect(files.map(({ file }) => file)).toEqual(['k8s/a-a-service-account.yaml']);
  });

  it('that several findings ask for is written once; two that differ are not both made', () => {
    const snapshot = folderOf({ 'a.yaml': object('Service', 'a') });
    const [beside] = snapshot.objects;
    if (beside === undefined) throw new Error('no object');
    const wish = (raw: JsonObject) => ({ edits: [], create: [{ raw, beside }] });
    const labelled = { ...account('x'), metadata: { name: 'x', labels: { a: 'b' } } };
    const { files, made, refused } = editFiles(snapshot, [wish(account('x')), wish(account('x')), wish(labelled)]);
    expect([files.length, made.length, refused.map(({ reason }) => reason)]).toEqual([
      1,
      2,
      ['another finding asks for the same new object with other content'],
    ]);
  });
});
