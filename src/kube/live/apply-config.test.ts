import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../model/index.ts';
import { applyConfig } from '../../playground/apply/server-side-apply.ts';
import { loadSchemas, nodeOfKind } from '../schema/index.ts';
import { type ApplyTypes, toApplyConfig } from './apply-config.ts';
import { emptySet } from './field-set.ts';
import { appliedBy } from './managers.ts';

const schemas = await loadSchemas();

function typesOf(object: JsonObject): ApplyTypes {
  return { types: schemas.typesAt(34), node: nodeOfKind(schemas, 34, object) };
}

function deployment(container: JsonObject, pod: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' } },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: {
          containers: [
            { name: 'proxy', image: 'p:1' },
            { name: 'web', image: 'a:1', ...container },
          ],
          ...pod,
        },
      },
    },
  };
}

/** As a server holds it after somebody has applied it. */
function apply(live: JsonObject | undefined, config: JsonObject, manager: string, force = false): JsonObject {
  const { types, node } = typesOf(config);
  const by = { manager, operation: 'Apply', apiVersion: 'apps/v1', subresource: '' } as const;
  return applyConfig(types, { node, live, config, by, force, time: '2026-11-29T12:00:00Z' });
}

const withoutFields = (object: JsonObject): JsonObject => {
  const { managedFields: _, ...metadata } = object['metadata'] as JsonObject;
  return { ...object, metadata };
};

function configFor(live: JsonObject, wanted: JsonObject): JsonObject | undefined {
  return toApplyConfig(typesOf(live), { live, wanted, owned: appliedBy(live, 'nowwhat') });
}

describe('what is applied for a change', () => {
  it('is the changed field with the name of its container, and nothing of others', () => {
    const live = apply(undefined, deployment({}), 'kubectl');
    const wanted = deployment({ securityContext: { runAsNonRoot: true } });
    expect(configFor(live, wanted)).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'shop' },
      spec: {
        template: { spec: { containers: [{ name: 'web', securityContext: { runAsNonRoot: true } }] } },
      },
    });
  });

  it('holds what was applied before: leaving it out would take it away', () => {
    const first = apply(undefined, deployment({}), 'kubectl');
    const one = configFor(first, deployment({ securityContext: { runAsNonRoot: true } })) ?? {};
    const second = apply(first, one, 'nowwhat');
    const wanted = deployment({ securityContext: { runAsNonRoot: true } }, { automountServiceAccountToken: false });
    const third = apply(second, configFor(second, wanted) ?? {}, 'nowwhat');
    expect(withoutFields(third)).toEqual(wanted);
  });

  it('cannot be told where something goes that others put there', () => {
    const live = apply(undefined, deployment({ securityContext: { privileged: true } }), 'kubectl');
    expect(configFor(live, deployment({ securityContext: {} }))).toBeUndefined();
    expect(configFor(live, deployment({}))).toBeUndefined();
  });

  it('makes of the live object the wanted one, for whatever is added or replaced', () => {
    const flag = fc.option(fc.boolean(), { nil: undefined });
    const context = fc.record({ runAsNonRoot: flag, privileged: flag });
    fc.assert(
      fc.property(context, context, fc.subarray(['ALL', 'NET_RAW']), (fields, before, drop) => {
        const given = Object.fromEntries(Object.entries(before).filter(([, value]) => value !== undefined));
        const live = apply(undefined, deployment({ securityContext: given }), 'kubectl');
        const set = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
        const securityContext = { ...given, ...set, capabilities: { drop } };
        const wanted = deployment({ securityContext, env: [{ name: 'A', value: '1' }] });
        expect(withoutFields(apply(live, configFor(live, wanted) ?? {}, 'nowwhat', true))).toEqual(wanted);
      }),
    );
  });
});

it('who has applied nothing owns nothing', () => {
  expect(appliedBy(apply(undefined, deployment({}), 'helm'), 'nowwhat')).toBe(emptySet);
});
