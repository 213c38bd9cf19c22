// Finds fields that a cluster has otherwise than the files declare, with who wrote them.

import type { FieldWriter } from '../../kube/managed-fields.ts';
import { type KubeObject, type Severity, toJsonPointer } from '../../model/index.ts';
import { type AppDiagnostic, objectCheck } from '../check.ts';
import { type DriftedField, findDriftedFields } from './find-drift.ts';

function severityOf({ path }: DriftedField): Severity {
  if (path[0] === 'metadata') return 'low';
  return path.at(-1) === 'image' ? 'high' : 'medium';
}

function tellWriter({ manager, time }: FieldWriter): string {
  const day = time.slice(0, 10);
  return `last written by ${manager}${day === '' ? '' : ` on ${day}`}`;
}

function tell(object: KubeObject, field: DriftedField, side: string): AppDiagnostic {
  const { path, declared, live, writer } = field;
  return {
    // The declared object, which stands in a file: that is the place to look at.
    object: object.declared ?? object,
    severity: severityOf(field),
    message: `${toJsonPointer(path)} of ${object.kind} "${object.name}" is ${declared} in ${side} and ${live ?? 'not there'} in the cluster`,
    path,
    evidence: writer === undefined ? `${side} and the cluster were compared` : tellWriter(writer),
  };
}

export const fieldDrifted = objectCheck(
  {
    id: 'field-drifted',
    family: 'delivery',
    title: 'The cluster runs what the files declare',
    leg: 'deployment',
    level: 2,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Apply the files, or write into them what the cluster has.',
    minutes: 15,
  },
  {
    kinds: ['*'],
    applies: ({ declared }) => declared !== undefined,
    find: (object, { inventory }) => {
      const schemas = inventory.knowledge?.schemas;
      if (schemas === undefined) return undefined;
      const side = inventory.snapshot.facts.joined === true ? 'the files' : 'its Helm release';
      return findDriftedFields(object, inventory, schemas).map((field) => tell(object, field, side));
    },
  },
);
