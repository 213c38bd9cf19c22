// Why a field is not known where it stands: another version has it, it is misspelt, or it belongs elsewhere.

import { type Path, toJsonPointer } from '../../model/index.ts';
import type { SchemaProblem } from './problem.ts';
import { type ObjectSchema, objectOf, type SchemaNode, type Span, type TypeSource } from './schema-node.ts';
import { closestName, sameButSpelling } from './similar-names.ts';
import type { Enclosing } from './walker.ts';

type Explanation = Pick<SchemaProblem, 'message' | 'suggestion' | 'rename'>;

/** Names that people bring along from Compose files, from older APIs or from speech. */
const confusions: Readonly<Record<string, readonly string[]>> = {
  cmd: ['command'],
  entrypoint: ['command'],
  arguments: ['args'],
  environment: ['env'],
  envVars: ['env'],
  port: ['containerPort', 'ports'],
  expose: ['ports'],
  replicaCount: ['replicas'],
  instances: ['replicas'],
  serviceAccount: ['serviceAccountName'],
  nodeSelectors: ['nodeSelector'],
  serviceName: ['service'],
  servicePort: ['service'],
  selectors: ['selector', 'matchLabels'],
  tag: ['image'],
  mount: ['mountPath'],
  path: ['mountPath'],
  health: ['livenessProbe'],
  readiness: ['readinessProbe'],
  liveness: ['livenessProbe'],
  cpuLimit: ['limits'],
  memoryLimit: ['limits'],
};

/** Fields that hold what most manifests are about, in the order in which a misplaced field is looked for below them. */
const mainFields = [
  'spec',
  'template',
  'jobTemplate',
  'containers',
  'metadata',
  'ports',
  'resources',
  'securityContext',
];
const deepest = 5;

function minorNote(name: string, span: Span): Explanation {
  const parts = [
    ...(span.since === undefined ? [] : [`exists from Kubernetes 1.${span.since} on`]),
    ...(span.until === undefined ? [] : [`is gone since Kubernetes 1.${span.until}`]),
  ];
  return { message: `"${name}" ${parts.join(' and ')}, so the target version drops it` };
}

function renamed(name: string, rename: string): Explanation {
  return { message: `"${name}" is not a field here`, suggestion: `Rename it to "${rename}"`, rename };
}

function moved(name: string, path: Path): Explanation {
  const place = path.length === 0 ? 'the top level' : toJsonPointer(path);
  return { message: `"${name}" is not a field here, it belongs to ${place}`, suggestion: `Move it to ${place}` };
}

function confusedWith(name: string, schema: ObjectSchema): string | undefined {
  return Object.hasOwn(confusions, name) ? confusions[name]?.find((meant) => schema.fields.has(meant)) : undefined;
}

/** Path of the nearest object around that has the field. */
function findAbove(name: string, path: Path, enclosing: readonly Enclosing[]): Path | undefined {
  for (let index = enclosing.length - 2; index >= 0; index -= 1) {
    const each = enclosing[index];
    if (each?.schema.fields.has(name) === true) return path.slice(0, each.depth);
  }
  return undefined;
}

/** Objects one step below, with the step or steps to them: `containers/0` for a list's items. */
function childrenOf(schema: ObjectSchema, types: TypeSource, names: readonly string[]): [Path, ObjectSchema][] {
  return names.flatMap((name): [Path, ObjectSchema][] => {
    const steps: (string | number)[] = [name];
    let node: SchemaNode | undefined = schema.fields.get(name);
    while (node?.type === 'list') {
      steps.push(0);
      node = node.item;
    }
    const object = node === undefined ? undefined : objectOf(node, types);
    return object === undefined ? [] : [[steps, object]];
  });
}

/** Through the main fields to some depth; else the only other field whose object has it. */
function findBelow(name: string, schema: ObjectSchema, types: TypeSource): Path | undefined {
  let level: [Path, ObjectSchema][] = [[[], schema]];
  for (let depth = 0; depth < deepest && level.length > 0; depth += 1) {
    level = level.flatMap(([path, each]) =>
      childrenOf(each, types, mainFields).map(([steps, object]): [Path, ObjectSchema] => [[...path, ...steps], object]),
    );
    const found = level.find(([, object]) => object.fields.has(name));
    if (found !== undefined) return found[0];
  }
  const others = childrenOf(schema, types, [...schema.fields.keys()]).filter(([, object]) => object.fields.has(name));
  return others.length === 1 ? others[0]?.[0] : undefined;
}

/** `enclosing` from the outermost object to the one at `path`, which has the unknown field. */
export function explainUnknownField(
  name: string,
  path: Path,
  enclosing: readonly Enclosing[],
  types: TypeSource,
): Explanation {
  const schema = enclosing.at(-1)?.schema;
  if (schema === undefined) return { message: `"${name}" is not a field here` };
  const span = schema.otherMinors.get(name);
  if (span !== undefined) return minorNote(name, span);
  const names = schema.fields.keys();
  const spelling = sameButSpelling(name, names) ?? confusedWith(name, schema);
  if (spelling !== undefined) return renamed(name, spelling);
  const above = findAbove(name, path, enclosing);
  if (above !== undefined) return moved(name, above);
  const below = findBelow(name, schema, types);
  if (below !== undefined) return moved(name, [...path, ...below]);
  const close = closestName(name, schema.fields.keys());
  return close === undefined ? { message: `"${name}" is not a field here` } : renamed(name, close);
}
