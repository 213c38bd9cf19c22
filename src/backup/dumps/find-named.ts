// The databases that a user names: `auto`, or pods and workloads, with the recipe where the image does not tell.

import { asArray, asObject, asString, type JsonObject, UserError } from '../../model/index.ts';
import type { CollectProblem } from '../collect/gap.ts';
import { type BackupLook, visitObjects } from '../collect/visit-objects.ts';
import { type DumpTarget, findDatabases } from './find-databases.ts';
import { findRecipe, recipes } from './recipes.ts';

export interface Wanted {
  readonly text: string;
  /** `undefined` for all. */
  readonly name: string | undefined;
  readonly recipe: string | undefined;
}

function parseWanted(text: string): Wanted {
  if (text === 'auto') return { text, name: undefined, recipe: undefined };
  const [, name = '', recipe] = /^([^=]*)(?:=(.*))?$/.exec(text) ?? [];
  if (recipe !== undefined && findRecipe(recipe) === undefined)
    throw new UserError(
      'invalid-option',
      `there is no recipe "${recipe}"`,
      `There are ${recipes.map((each) => each.name).join(', ')}.`,
    );
  return { text, name, recipe };
}

/** Names of a pod that a person knows: its own, its workload's, with and without the namespace. */
export function namesOf(pod: JsonObject): readonly string[] {
  const { name, namespace, ownerReferences } = asObject(pod['metadata']);
  const owners = asArray(ownerReferences).map(asObject);
  const ownerNames = owners.flatMap((owner) => {
    const own = asString(owner['name']) ?? '';
    // A Deployment's name stands in that of its replica set.
    return owner['kind'] === 'ReplicaSet' ? [own, own.replace(/-[a-z0-9]+$/, '')] : [own];
  });
  const names = [asString(name) ?? '', ...ownerNames];
  return [...names, ...names.map((each) => `${asString(namespace) ?? ''}/${each}`)];
}

/** Databases of a pod that are meant. */
function targetsOf(pod: JsonObject, { recipe }: Wanted): readonly DumpTarget[] {
  const forced = recipe === undefined ? undefined : findRecipe(recipe);
  if (forced === undefined) return findDatabases(pod);
  const known = findDatabases(pod).filter((target) => target.recipe === forced);
  if (known.length > 0) return known;
  const { namespace, name } = asObject(pod['metadata']);
  const [first] = asArray(asObject(pod['spec'])['containers']).map(asObject);
  const container = asString(first?.['name']) ?? '';
  return [{ namespace: asString(namespace) ?? '', pod: asString(name) ?? '', container, recipe: forced }];
}

function placeOf({ namespace, pod, container }: DumpTarget): string {
  return `${namespace}/${pod}/${container}`;
}

export interface NamedDatabase {
  readonly target: DumpTarget;
  readonly wanted: Wanted;
}

/** Those of a pod that are meant by a text; nothing where it means another pod. */
export function databasesOf(pod: JsonObject, wanted: Wanted): readonly DumpTarget[] {
  const isMeant = wanted.name === undefined || namesOf(pod).includes(wanted.name);
  return isMeant ? targetsOf(pod, wanted) : [];
}

/** Where pods cannot be listed, that is why. */
function notFound({ text }: Wanted, [gap]: readonly CollectProblem[]): UserError {
  if (gap !== undefined)
    return new UserError(
      gap.missingRule === undefined ? 'cluster-failed' : 'cluster-forbidden',
      `"${text}" was not found: ${gap.message}`,
      'Ask a cluster administrator for this right, or save the objects alone.',
    );
  return new UserError(
    'invalid-option',
    `nothing that is saved is called "${text}", or it is no database that there is a recipe for`,
    'Name a pod or a workload, with =postgresql, =mysql, =mongodb or =redis where its image does not tell.',
  );
}

/** Each container once, in order of their names. Throws `UserError` for a name that nothing has, or that no recipe fits. */
export async function findNamed(look: BackupLook, texts: readonly string[]): Promise<readonly NamedDatabase[]> {
  const all = texts.map(parseWanted);
  const found = new Map<string, NamedDatabase>();
  const met = new Set<Wanted>();
  const gaps: CollectProblem[] = [];
  for await (const { object } of visitObjects(look, ['pods'], (gap) => gaps.push(gap)))
    for (const wanted of all)
      for (const target of databasesOf(object, wanted)) {
        met.add(wanted);
        found.set(placeOf(target), { target, wanted });
      }
  const missing = all.find((each) => each.name !== undefined && !met.has(each));
  if (missing !== undefined) throw notFound(missing, gaps);
  const place = ({ target }: NamedDatabase): string => placeOf(target);
  return [...found.values()].toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
}
