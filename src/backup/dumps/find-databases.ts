// Which containers of a pod are databases that there is a recipe for. Pure; nothing but the pod's own spec is looked at, and no value of a variable.

import { parseImage } from '../../kube/images.ts';
import { asArray, asObject, asString, type JsonObject } from '../../model/index.ts';
import { type Recipe, type RecipeName, recipes } from './recipes.ts';

export interface DumpTarget {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly recipe: Recipe;
}

/** A dump that will be made, for a person or a program to read. */
export interface ForeseenDump {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly recipe: RecipeName;
  /** `PostgreSQL`. */
  readonly title: string;
  /** What the user must know. */
  readonly note: string;
}

export function foreseeDump({ recipe: { name, title, note }, ...place }: DumpTarget): ForeseenDump {
  return { ...place, recipe: name, title, note };
}

/** An image of one's own for one member of a store: `gb-redis-follower`. A tool for it, `redis-exporter`, is no store. */
const member = /(?:^|-)([a-z0-9]+)-(?:follower|leader|master|slave|replica|primary|secondary)$/;

function imageNameOf(container: JsonObject): string {
  const image = parseImage(asString(container['image']) ?? '');
  const name = image.valid ? (image.repository.split('/').at(-1) ?? '') : '';
  return member.exec(name)?.[1] ?? name;
}

const tools = /exporter|backup|admin|operator|metrics|proxy|pgbouncer|sentinel|commander/;

/** By the image; one that is somebody's own, by its port and the variables that such a server is set up with. */
export function recipeFor(container: JsonObject): Recipe | undefined {
  const name = imageNameOf(container);
  if (tools.test(name)) return undefined;
  const byImage = recipes.find(({ images }) => images.includes(name));
  if (byImage !== undefined) return byImage;
  const ports = asArray(container['ports']).map((each) => asObject(each)['containerPort']);
  const variables = asArray(container['env']).map((each) => asString(asObject(each)['name']) ?? '');
  return recipes.find(({ port, variable }) => ports.includes(port) && variables.some((each) => variable.test(each)));
}

/** One that does not run yet is among them: that there is no dump of it is told by the attempt. */
export function findDatabases(pod: JsonObject): readonly DumpTarget[] {
  const { namespace, name } = asObject(pod['metadata']);
  const phase = asObject(pod['status'])['phase'];
  if (phase === 'Succeeded' || phase === 'Failed') return [];
  const place = { namespace: asString(namespace) ?? '', pod: asString(name) ?? '' };
  return asArray(asObject(pod['spec'])['containers'])
    .map(asObject)
    .flatMap((each) => {
      const recipe = recipeFor(each);
      return recipe === undefined ? [] : [{ ...place, container: asString(each['name']) ?? '', recipe }];
    });
}
