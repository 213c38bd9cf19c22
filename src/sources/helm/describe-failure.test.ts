import { describe, expect, it } from 'vitest';
import { describeHelmFailure } from './describe-failure.ts';

describe("Helm's own words", () => {
  it('are cut to the innermost error, with its place', () => {
    const stderr =
      'Error: template: shop/templates/web.yaml:12:8: executing "shop/templates/web.yaml" at <include "shop.labels" .>: error calling include: template: shop/templates/_helpers.tpl:40:3: executing "shop.labels" at <.Values.a.b>: nil pointer evaluating interface {}.b\n\nUse --debug flag to render out invalid YAML\n';
    expect(describeHelmFailure(stderr, 'shop')).toEqual({
      code: 'helm-failed',
      reason: 'nil pointer evaluating interface {}.b (at .Values.a.b)',
      advice: 'Correct the template, or give the values it needs with --values or --set.',
      place: { path: 'shop/templates/_helpers.tpl', line: 40, column: 3 },
    });
  });

  it('keep the message of a schema', () => {
    const stderr =
      "Error: values don't meet the specifications of the schema(s) in the following chart(s):\nshop:\n- at '/replicas': got string, want integer\n";
    expect(describeHelmFailure(stderr, 'shop').reason).toMatch(/at '\/replicas': got string, want integer$/);
  });

  it('lose the values they quote', () => {
    const quoting = [
      "Error: values don't meet the specifications of the schema(s) in the following chart(s): - at '/key': 'hunter2' does not match pattern '^x'",
      'Error: cannot load values.yaml: cannot unmarshal !!str `hunter2` into map[string]interface {}',
    ];
    for (const stderr of quoting) expect(describeHelmFailure(stderr, 'shop').reason).not.toContain('hunter2');
  });

  it('may be missing', () => {
    expect(describeHelmFailure('', 'shop')).toMatchObject({
      code: 'helm-failed',
      reason: 'helm failed without a message',
    });
  });
});
