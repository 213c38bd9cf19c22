// What an app called before its fixes: an address that moves into a Secret is called all the same, and no file tells of it any more.

import { identityOf } from '../../fixes/index.ts';
import {
  asArray,
  asObject,
  isJsonObject,
  type Json,
  type JsonObject,
  type KubeObject,
  type Snapshot,
} from '../../model/index.ts';

const containerLists: ReadonlySet<string> = new Set(['containers', 'initContainers']);

function namesIn(list: Json | undefined): Set<Json | undefined> {
  return new Set(asArray(list).map((item) => asObject(item)['name']));
}

/** The container with the variables that it had besides. */
function withFormerEnv(now: Json, was: JsonObject | undefined): Json {
  if (was === undefined || !isJsonObject(now)) return now;
  const names = namesIn(now['env']);
  const former = asArray(was['env']).filter((item) => !names.has(asObject(item)['name']));
  return former.length === 0 ? now : { ...now, env: [...asArray(now['env']), ...former] };
}

function withFormerContainers(now: Json, was: Json | undefined): Json {
  const former = asArray(was).map(asObject);
  return asArray(now).map((item) =>
    withFormerEnv(
      item,
      former.find(({ name }) => name === asObject(item)['name']),
    ),
  );
}

function merge(now: Json, was: Json | undefined): Json {
  if (!isJsonObject(now) || !isJsonObject(was)) return now;
  const fields = Object.entries(now).map(([key, value]): [string, Json] => [
    key,
    containerLists.has(key) ? withFormerContainers(value ?? null, was[key]) : merge(value ?? null, was[key]),
  ]);
  return Object.fromEntries(fields);
}

/** The snapshot with the variables and objects of a former one besides its own: for looking at calls, and for nothing else. */
export function withFormerCalls(now: Snapshot, former: Snapshot): Snapshot {
  const was = new Map(former.objects.map((object) => [identityOf(object), object]));
  const there = new Set(now.objects.map(identityOf));
  const objects = now.objects.map((object): KubeObject => {
    const before = was.get(identityOf(object));
    return before === undefined ? object : { ...object, raw: asObject(merge(object.raw, before.raw)) };
  });
  return { ...now, objects: [...objects, ...[...was].filter(([id]) => !there.has(id)).map(([, object]) => object)] };
}
