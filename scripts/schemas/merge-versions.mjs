// Many versions' facts to one table: the newest word on each field, marked with the first and the last minor that has it.
import { shortTypeName } from './summarize-version.mjs';

const byText = (a, b) => (a < b ? -1 : 1);
const byKey = ([a], [b]) => byText(a, b);

/** Joins the values of an enum over the versions that tell them; a version without enum data says nothing. */
function mergeEnum(uses) {
  const telling = uses.filter(({ fact }) => fact.enumValues !== undefined);
  const newest = telling.at(-1);
  if (newest === undefined || uses.at(-1) !== newest) return undefined;
  const first = telling[0].minor;
  const since = new Map();
  for (const { minor, fact } of telling)
    for (const value of fact.enumValues) if (!since.has(value)) since.set(value, minor);
  return [...since].sort(byKey).map(([value, minor]) => {
    if (/[_|>\n]/.test(value)) throw new Error(`an enum value that the notation cannot hold: ${value}`);
    const word = value.replaceAll(' ', '_');
    return minor === first ? word : `${word}>${minor}`;
  });
}

/** Said to be required by the API description, and left out without any complaint of the API server (tried on 1.34). */
const notMissed = new Set([
  'apiextensions.v1.CustomResourceDefinitionVersion.served',
  'apiextensions.v1.CustomResourceDefinitionVersion.storage',
  'batch.v1.PodFailurePolicy.rules',
  'core.v1.Event.involvedObject',
  'core.v1.HTTPHeader.value',
  'core.v1.ISCSIPersistentVolumeSource.lun',
  'core.v1.ISCSIVolumeSource.lun',
  'core.v1.LimitRangeSpec.limits',
  'core.v1.PreferredSchedulingTerm.preference',
  'core.v1.ScaleIOPersistentVolumeSource.secretRef',
  'core.v1.ScaleIOVolumeSource.secretRef',
  'core.v1.SleepAction.seconds',
  'core.v1.Sysctl.value',
  'discovery.v1.ForZone.name',
  'meta.v1.FieldSelectorRequirement.operator',
  'meta.v1.GroupResource.group',
  'storage.v1.CSIDriver.spec',
  'storage.v1.CSINode.spec',
  'storage.v1.CSINodeSpec.drivers',
  'storage.v1.TokenRequest.audience',
]);

/** How the items of a list are told apart, and what is one value for server-side apply. */
function mergeMarks({ listKeys, isSet, isAtomic, mergeKey }) {
  return [
    ...(listKeys === undefined ? [] : [`/${listKeys.join(',')}`]),
    ...(isSet ? ['*'] : []),
    ...(isAtomic ? ['~'] : []),
    ...(mergeKey === undefined ? [] : [`^${mergeKey}`]),
  ];
}

function fieldLine(name, uses, span) {
  const newest = uses.at(-1).fact;
  const parts = [name, newest.notation];
  if (uses.every(({ fact }) => fact.required) && !notMissed.has(`${span.type}.${name}`)) parts.push('!');
  if (uses[0].minor > span.first) parts.push(`>${uses[0].minor}`);
  if (uses.at(-1).minor < span.last) parts.push(`<${uses.at(-1).minor + 1}`);
  parts.push(...mergeMarks(newest));
  const enumValues = mergeEnum(uses);
  if (enumValues !== undefined) parts.push(`=${enumValues.join('|')}`);
  if (newest.default !== undefined) parts.push(`:${newest.default}`);
  return ` ${parts.join(' ')}`;
}

function typeBlock(name, uses, changes) {
  const span = { type: name, first: uses[0].minor, last: uses.at(-1).minor };
  const fields = new Map();
  for (const { minor, fact } of uses)
    for (const [field, value] of fact) fields.set(field, [...(fields.get(field) ?? []), { minor, fact: value }]);
  for (const [field, each] of fields) {
    const kinds = [...new Set(each.map(({ fact }) => fact.notation))];
    if (kinds.length > 1) changes.push(`type changed: ${name}.${field}: ${kinds.join(' -> ')}`);
  }
  return [name, ...[...fields].sort(byKey).map(([field, each]) => fieldLine(field, each, span))].join('\n');
}

/** Served long before its OpenAPI v3 file was published (1.27). */
const olderThanItsFile = new Set(['apiregistration.k8s.io/v1/APIService']);

function kindLine(key, uses, first, last) {
  const [group, version, kind] = key.split('/');
  const newest = uses.at(-1).fact;
  const scope = newest.isNamespaced ? 'namespaced' : 'cluster';
  const type = shortTypeName(newest.type);
  const marks = [
    ...(uses[0].minor > first && !olderThanItsFile.has(key) ? [`>${uses[0].minor}`] : []),
    ...(uses.at(-1).minor < last ? [`<${uses.at(-1).minor + 1}`] : []),
  ];
  return [group === '' ? version : `${group}/${version}`, kind, newest.plural, scope, type, ...marks].join(' ');
}

function collect(versions, pick) {
  const all = new Map();
  for (const version of versions)
    for (const [key, fact] of pick(version)) {
      if (!all.has(key)) all.set(key, []);
      all.get(key).push({ minor: version.minor, fact });
    }
  return [...all].sort(byKey);
}

/** `versions` from old to new. The first block of the table is the kinds, each further one a type with its fields. */
export function mergeVersions(versions) {
  const first = versions[0].minor;
  const last = versions.at(-1).minor;
  const changes = [];
  const kinds = collect(versions, ({ kinds: each }) => each);
  const types = collect(versions, ({ types: each }) => each);
  const blocks = types.map(([name, uses]) => typeBlock(name, uses, changes));
  const table = [kinds.map(([key, uses]) => kindLine(key, uses, first, last)).join('\n'), ...blocks].join('\n\n');
  const clusterScoped = kinds
    .filter(([, uses]) => !uses.at(-1).fact.isNamespaced)
    .map(([key]) => key.replace(/\/[^/]+\//, '/'))
    .filter((key, index, all) => all.indexOf(key) === index);
  return {
    table,
    clusterScoped: clusterScoped.sort(byText),
    changes,
    kindCount: kinds.length,
    typeCount: types.length,
  };
}
