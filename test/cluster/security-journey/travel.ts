// The way of one app: its files edited by the program, and what came of it brought to the cluster by a plan of the program.

import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { FixAnswer } from '../../../src/app/fix/fix-answer.ts';
import { deleteObject, discover, resourceOfKind } from '../../../src/api/index.ts';
import { asArray, asObject, asString, type JsonObject, type Plan } from '../../../src/model/index.ts';
import { nowwhat, type Ran } from '../../e2e/run-cli.ts';
import { applyAll, readObjects, untilReady } from '../stand-in/deploy.ts';
import { standIn } from '../stand-in/stand-in.ts';
import type { ReaderUser } from '../reader-user.ts';
import type { TestNamespace } from '../test-cluster.ts';
import type { Calls } from './apps.ts';
import { placeApp } from './place-app.ts';

export function requireDone({ status, out, err }: Ran): string {
  if (status !== 0) throw new Error(`exit status ${status}: ${err}${out}`);
  return out;
}

function filesIn(path: string): string[] {
  return statSync(path).isDirectory() ? readdirSync(path).map((name) => join(path, name)) : [path];
}

/** A copy that may be edited, and a list of digests as a pipeline would record it. */
export function copyApp(from: string, folder: string): { readonly app: string; readonly digests: string } {
  const app = join(folder, 'app');
  mkdirSync(app);
  for (const file of filesIn(from)) cpSync(file, join(app, basename(file)));
  const texts = filesIn(app).map((file) => readFileSync(file, 'utf8'));
  const images = texts.flatMap((text) => [...text.matchAll(/image: "?([^\s"]+)/g)].map(([, image = '']) => image));
  const named = [...new Set(images)].filter((image) => !image.includes('@'));
  const digests = join(folder, 'digests.txt');
  writeFileSync(digests, named.map((image) => `${image}=sha256:${'a'.repeat(64)}\n`).join(''));
  return { app, digests };
}

export function pin(app: string, digests: string): void {
  requireDone(nowwhat(['pin', '--digests', digests, '--write', app]));
}

/** With addresses in the environment of containers, by workload: what the published program holds in itself. */
function withCalls(objects: readonly JsonObject[], calls: Calls): JsonObject[] {
  return objects.map((object) => {
    const own = calls[asString(asObject(object['metadata'])['name']) ?? ''];
    if (own === undefined || object['kind'] !== 'Deployment') return object;
    const spec = asObject(object['spec']);
    const template = asObject(spec['template']);
    const pod = asObject(template['spec']);
    const env = own.map((value, index) => ({ name: `CALL_${index}`, value }));
    const containers = asArray(pod['containers'])
      .map(asObject)
      .map((each) => ({ ...each, env: [...asArray(each['env']), ...env] }));
    return { ...object, spec: { ...spec, template: { ...template, spec: { ...pod, containers } } } };
  });
}

/** Runs the app as it is, as it would on Minikube, and records who calls whom. The file is for `fix --flows`. */
export async function recordCalls(app: string, calls: Calls, space: TestNamespace, image: string): Promise<string> {
  const objects = withCalls(standIn(placeApp(await readObjects(app), space.name), image), calls);
  await applyAll(space, await discover(space.client), objects);
  await untilReady(space, 240_000);
  const file = join(app, '..', 'flows.jsonl');
  const look = ['traffic', '--context', '.', '-n', space.name, '--for', '10s', '--every', '500ms', '--yes'];
  const config = process.env['NOWWHAT_TEST_KUBECONFIG'] ?? '';
  requireDone(nowwhat([...look, '-o', 'flows', '--output-file', file, '--kubeconfig', config]));
  return file;
}

export function fix(app: string, words: readonly string[]): FixAnswer & { readonly written: boolean } {
  return JSON.parse(requireDone(nowwhat(['fix', ...words, app, '--write', '-o', 'json'])));
}

/** The objects of the folder for the test's namespace, with a stand-in for every image, as one file. */
export async function writeForCluster(app: string, space: TestNamespace, image: string): Promise<string> {
  const items: readonly JsonObject[] = placeApp(standIn(await readObjects(app), image), space.name);
  const file = join(app, '..', 'on-cluster.json');
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  return file;
}

export interface Carried {
  readonly plan: Plan;
  readonly shown: string;
  readonly applied: string;
}

/** Takes away what the plan made outside of namespaces: it would outlive them. */
export async function removeOfCluster({ plan }: Carried, { client }: TestNamespace): Promise<void> {
  const discovery = await discover(client);
  for (const { action } of plan.steps) {
    if (action.kind !== 'create') continue;
    const { apiVersion, kind, metadata } = action.object;
    const resource = resourceOfKind(discovery, asString(apiVersion) ?? '', asString(kind) ?? '');
    if (!resource.namespaced)
      await deleteObject(client, resource, { name: asString(asObject(metadata)['name']) ?? '' });
  }
}

/** `nowwhat plan --create`, and `nowwhat apply`, as `user`. */
export function bringToCluster(file: string, space: TestNamespace, user: ReaderUser): Carried {
  const cwd = join(file, '..');
  const run = (args: readonly string[]) => nowwhat(args, { cwd, env: { COLUMNS: '100', KUBECONFIG: user.kubeconfig } });
  const place = ['--context', '.', '-n', space.name];
  const shown = requireDone(run(['plan', '--create', basename(file), ...place, '-o', 'plan.json']));
  const plan = JSON.parse(readFileSync(join(cwd, 'plan.json'), 'utf8')) as Plan;
  return { plan, shown, applied: requireDone(run(['apply', 'plan.json', '--yes'])) };
}
