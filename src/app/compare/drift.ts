// Files and cluster side by side: what the manifests declare and the cluster has otherwise, has not, or has besides.

import {
  type DriftedField as FoundField,
  findDriftedFields,
  isOnlyInCluster,
  isOnlyInFiles,
  mayBeHidden,
} from '../../checks/index.ts';
import type { FieldWriter } from '../../kube/managed-fields.ts';
import { loadSchemas, type Schemas } from '../../kube/schema/index.ts';
import { createInventory, type Inventory, positionOf } from '../../inventory/index.ts';
import { type KubeObject, type Position, toJsonPointer, UserError } from '../../model/index.ts';
import { readApp, type ReadWish } from '../read-app.ts';
import type { Outside } from '../outside.ts';

interface Identity {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export interface DriftedField {
  /** JSON pointer in the manifest. */
  readonly path: string;
  readonly position: Position;
  /** JSON text. */
  readonly declared: string;
  /** JSON text; absent where the live object has no such field. */
  readonly live?: string;
  /** Who wrote the live value last, as the API server noted it. */
  readonly writer?: FieldWriter;
}

export interface DriftAnswer {
  readonly schema: 'nowwhat.dev/drift/v1';
  readonly context: string;
  readonly same: number;
  readonly changed: readonly { readonly object: Identity; readonly fields: readonly DriftedField[] }[];
  /** In the files and not in the cluster. */
  readonly missing: readonly { readonly object: Identity; readonly position: Position }[];
  /** In the namespaces of the files, written by somebody, and not in the files. */
  readonly besides: readonly Identity[];
  /** In the files, of kinds that may not be listed. */
  readonly unknown: readonly Identity[];
}

function identityOf({ apiVersion, kind, namespace, name }: KubeObject): Identity {
  return { apiVersion, kind, namespace, name };
}

function toField(object: KubeObject, { path, ...rest }: FoundField, inventory: Inventory): DriftedField {
  return { path: toJsonPointer(path), position: positionOf(inventory, object.declared ?? object, path), ...rest };
}

function answerDrift(inventory: Inventory, schemas: Schemas): DriftAnswer {
  const { objects, snapshot } = inventory;
  const compared = objects
    .filter(({ declared }) => declared !== undefined)
    .map((object) => {
      const found = findDriftedFields(object, inventory, schemas);
      return { object: identityOf(object), fields: found.map((field) => toField(object, field, inventory)) };
    });
  const changed = compared.filter(({ fields }) => fields.length > 0);
  const absent = objects.filter(isOnlyInFiles);
  const isHidden = (object: KubeObject): boolean => mayBeHidden(object, inventory);
  return {
    schema: 'nowwhat.dev/drift/v1',
    context: snapshot.facts.cluster?.context ?? '',
    same: compared.length - changed.length,
    changed,
    missing: absent
      .filter((object) => !isHidden(object))
      .map((object) => ({ object: identityOf(object), position: positionOf(inventory, object, []) })),
    besides: objects.filter((object) => isOnlyInCluster(object, inventory)).map(identityOf),
    unknown: absent.filter(isHidden).map(identityOf),
  };
}

/** Reads the files and the namespaces of the cluster that they are about. Nothing is changed. Throws `UserError` where no cluster was named. */
export async function findDrift(wish: ReadWish, outside: Outside): Promise<DriftAnswer> {
  const { snapshot } = await readApp(wish, outside);
  if (snapshot.facts.cluster === undefined)
    throw new UserError(
      'invalid-option',
      'no cluster was named',
      'Name one with --context, or give a saved snapshot beside the files.',
    );
  return answerDrift(createInventory(snapshot), await loadSchemas());
}
