import { describe, expect, it } from 'vitest';
import { prepareInventory } from '../../inventory/index.ts';
import { snapshotOf } from '../../inventory/snapshot-builder.ts';
import { runChecks } from '../run-checks.ts';
import { runOnText } from '../run-on-text.ts';
import { invalidField } from './invalid-field.ts';
import { unknownField } from './unknown-field.ts';
import { unknownKind } from './unknown-kind.ts';

const service = `apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selektor: {app: web}, ports: [{port: many}]}
`;

describe('the word of the schema', () => {
  const options = { minor: 34, today: '2026-01-15', allowedRegistries: [] };

  it('is told by one check each', async () => {
    const inventory = await prepareInventory(snapshotOf(service));
    const { findings } = runChecks([unknownField, invalidField, unknownKind], inventory, options);
    expect(findings.map(({ check, path }) => `${check} ${path}`)).toEqual([
      'unknown-field /spec/selektor',
      'invalid-field /spec/ports/0/port',
    ]);
    expect(findings[0]?.message).toMatch(/: .*"selector"/);
    expect(findings[1]?.message).not.toContain('undefined');
  });

  it('is not asked where no schemas are loaded', () => {
    expect(runOnText(unknownField, service).outcome).toBe('not-applicable');
  });
});
