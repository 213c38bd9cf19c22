// One Kubernetes version's OpenAPI documents to plain facts: which kinds there are, and the fields of each type.

const metaTypes = /^io\.k8s\.apimachinery\.pkg\.(?:apis\.)?/;
const refPrefix = '#/components/schemas/';

/** `io.k8s.api.apps.v1.Deployment` -> `apps.v1.Deployment`; the other modules lose their folders in the same way. */
export function shortTypeName(name) {
  return name
    .replace(metaTypes, '')
    .replace(/^io\.k8s\.api\./, '')
    .replace(/^io\.k8s\.[a-z-]+\.pkg\.apis\./, '');
}

function isPlainObject(schema) {
  return schema.properties !== undefined;
}

function refOf(schema) {
  return schema.$ref ?? schema.allOf?.find((part) => part.$ref !== undefined)?.$ref;
}

const stringFormats = { 'date-time': 't', byte: 'y', 'int-or-string': 'x' };

function scalarNotation(schema) {
  if (schema.format === 'int-or-string') return 'x';
  if (schema.type === 'string') return stringFormats[schema.format] ?? 's';
  if (schema.type === 'boolean') return 'b';
  if (schema.type === 'integer') return schema.format === 'int64' ? 'l' : 'i';
  if (schema.type === 'number') return 'n';
  return schema.type === 'object' ? 'o' : 'a';
}

/** The type notation of the table (see src/kube/schema/table.ts). Types without fields are written out in place. */
function typeNotation(schema, types) {
  const ref = refOf(schema);
  if (ref !== undefined) {
    const name = ref.slice(refPrefix.length);
    if (name.endsWith('.api.resource.Quantity')) return 'q';
    const target = types.get(name);
    if (target === undefined) throw new Error(`no type ${name}`);
    return isPlainObject(target) ? `@${shortTypeName(name)}` : typeNotation(target, types);
  }
  if (schema.type === 'array') return `[${typeNotation(schema.items, types)}`;
  if (schema.type === 'object' && schema.additionalProperties !== undefined)
    return `{${typeNotation(schema.additionalProperties, types)}`;
  return scalarNotation(schema);
}

/** Zero values stand for "no default" in the generated files of Go types. */
function meaningfulDefault(schema) {
  const value = schema.default;
  const isZero = value === undefined || value === '' || value === 0 || value === false || typeof value === 'object';
  return isZero ? undefined : value;
}

/** Whether server-side apply takes the value, or each item of a list, as one: by the field's own word or by its type's. */
function isAtomic(schema, types) {
  const own = schema['x-kubernetes-map-type'];
  if (own !== undefined) return own === 'atomic';
  const ref = refOf(schema.items ?? schema);
  return ref !== undefined && types.get(ref.slice(refPrefix.length))?.['x-kubernetes-map-type'] === 'atomic';
}

function fieldFacts(schema, types, context) {
  const { isStatus, isRequired, enumValues } = context;
  const merge = schema['x-kubernetes-patch-strategy']?.includes('merge');
  return {
    notation: isStatus ? 'o' : typeNotation(schema, types),
    required: isRequired,
    enumValues: enumValues ?? schema.enum ?? schema.items?.enum,
    default: meaningfulDefault(schema),
    listKeys: schema['x-kubernetes-list-map-keys'],
    isSet: schema['x-kubernetes-list-type'] === 'set',
    isAtomic: isAtomic(schema, types),
    mergeKey: merge ? schema['x-kubernetes-patch-merge-key'] : undefined,
  };
}

function typeFacts(name, schema, types, enums) {
  const isKind = schema['x-kubernetes-group-version-kind'] !== undefined;
  const goEnums = enums.get(name.replace(/-/g, '_').split('.').slice(-3).join('.'));
  const required = new Set(schema.required);
  return new Map(
    Object.entries(schema.properties).map(([field, value]) => [
      field,
      fieldFacts(value, types, {
        isStatus: isKind && field === 'status',
        isRequired: required.has(field),
        enumValues: goEnums?.get(field),
      }),
    ]),
  );
}

/**
 * The resource of a path: `/apis/apps/v1/namespaces/{namespace}/deployments/{name}`. Subresources (`…/pods/{name}/eviction`)
 * are no kinds of their own in a manifest, and `watch` paths repeat the others.
 */
function resourceOfPath(path) {
  const steps = path.split('/').slice(1);
  const rest = steps.slice(steps[0] === 'api' ? 2 : 3);
  const isNamespaced = rest[0] === 'namespaces' && rest[1] === '{namespace}' && rest.length > 2;
  const [plural, item, ...subresource] = isNamespaced ? rest.slice(2) : rest;
  if (plural === undefined || plural === 'watch' || subresource.length > 0) return undefined;
  if (item !== undefined && item !== '{name}') return undefined;
  return { isNamespaced, plural, isItem: item !== undefined };
}

/** A list of all namespaces' objects (`/apis/apps/v1/deployments`) has no `post`: it does not make a kind cluster-scoped. */
function kindOfPath(path, operations) {
  const resource = resourceOfPath(path);
  if (resource === undefined || (!resource.isItem && operations.post === undefined)) return undefined;
  const operation = operations.post ?? operations.put ?? operations.get;
  const gvk = operation?.['x-kubernetes-group-version-kind'];
  return gvk === undefined ? undefined : { ...gvk, ...resource };
}

function kindTypes(types) {
  const byKind = new Map();
  for (const [name, schema] of types)
    for (const gvk of schema['x-kubernetes-group-version-kind'] ?? [])
      byKind.set(`${gvk.group}/${gvk.version}/${gvk.kind}`, name);
  return byKind;
}

/** `{ kinds, types }`: kinds by `group/version/Kind`, and the fields of each type that a kind can reach. */
export function summarizeVersion({ documents, enums }) {
  const schemas = new Map(documents.flatMap((document) => Object.entries(document.components?.schemas ?? {})));
  const byKind = kindTypes(schemas);
  const kinds = new Map();
  for (const document of documents)
    for (const [path, operations] of Object.entries(document.paths ?? {})) {
      const found = kindOfPath(path, operations);
      if (found === undefined) continue;
      const key = `${found.group}/${found.version}/${found.kind}`;
      const name = byKind.get(key);
      if (name !== undefined) kinds.set(key, { ...found, type: name });
    }
  const types = new Map();
  const open = [...kinds.values()].map((kind) => kind.type);
  const full = new Map([...schemas.keys()].map((name) => [shortTypeName(name), name]));
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const short = shortTypeName(name);
    if (types.has(short)) continue;
    const fields = typeFacts(name, schemas.get(name), schemas, enums);
    types.set(short, fields);
    for (const { notation } of fields.values()) {
      const at = notation.indexOf('@');
      if (at !== -1) open.push(full.get(notation.slice(at + 1)));
    }
  }
  return { kinds, types };
}
