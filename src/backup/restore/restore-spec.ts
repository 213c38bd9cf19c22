// The spec of a Velero `Restore`, read strictly where a misspelt word would restore something else: pure.

import * as z from 'zod';
import { asObject, type JsonObject, UserError } from '../../model/index.ts';

const texts = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);
const selector = z.looseObject({}).transform((value) => asObject(value));
const schema = z.looseObject({
  backupName: z.string().optional(),
  scheduleName: z.string().optional(),
  includedNamespaces: texts,
  excludedNamespaces: texts,
  includedResources: texts,
  excludedResources: texts,
  namespaceMapping: z
    .record(z.string(), z.string())
    .nullish()
    .transform((map) => map ?? {}),
  labelSelector: selector.nullish(),
  orLabelSelectors: z.array(selector).nullish(),
  preserveNodePorts: z.boolean().nullish(),
  includeClusterResources: z.boolean().nullish(),
  existingResourcePolicy: z.enum(['none', 'update', 'recreate', '']).nullish(),
  resourceModifier: z.looseObject({ kind: z.string(), name: z.string() }).nullish(),
  resourcePolicy: z.looseObject({ kind: z.string(), name: z.string() }).nullish(),
  restoreStatus: z.looseObject({ includedResources: texts, excludedResources: texts }).nullish(),
  hooks: z.looseObject({}).nullish(),
});

export type RestoreSpec = z.infer<typeof schema>;

/** Fields that Velero knows; those that are about volumes, or about how long Velero itself waits, change nothing here. */
const known: ReadonlySet<string> = new Set([
  ...Object.keys(schema.shape),
  'restorePVs',
  'itemOperationTimeout',
  'uploaderConfig',
  'skipDefaultResourceModifier',
]);

function wrong(where: string, why: string): UserError {
  return new UserError('invalid-option', `${where}: ${why}`, 'Write it as for velero restore create -o yaml.');
}

/** `spec` of a `Restore` in `file`. Throws `UserError`. */
export function parseRestoreSpec(spec: JsonObject, file: string): RestoreSpec {
  const unknown = Object.keys(spec).find((key) => !known.has(key));
  if (unknown !== undefined) throw wrong(`${file}: spec.${unknown}`, 'no field of a Restore');
  const parsed = schema.safeParse(spec);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw wrong(`${file}: spec.${issue?.path.join('.') ?? ''}`, issue?.message ?? '');
}
