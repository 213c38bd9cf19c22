import { describe, expect, it } from 'vitest';
import { compileExpression } from './expression.ts';

const object = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels: { app: 'web', team: 'shop' } },
  spec: {
    replicas: 5,
    template: {
      spec: {
        containers: [
          { name: 'web', image: 'registry.example.com/web:1.2', resources: { limits: { memory: '512Mi' } } },
          { name: 'side', image: 'docker.io/side' },
        ],
      },
    },
  },
};

function evaluate(source: string): unknown {
  const result = compileExpression(source, 'test').evaluate({ object, variables: { x: 2 }, params: { max: 3 } });
  return result.ok ? result.value : { error: result.error };
}

describe('expressions, as in the documentation of ValidatingAdmissionPolicy', () => {
  it.each([
    ['object.spec.replicas <= 5', true],
    ['object.spec.replicas + 1 == 6', true],
    ['object.spec.replicas > params.max', true],
    ['has(object.metadata.labels) && "team" in object.metadata.labels', true],
    ['object.metadata.?annotations["x"].orValue("none")', 'none'],
    ['object.spec.template.spec.containers.all(c, c.image.startsWith("registry.example.com/"))', false],
    ['object.spec.template.spec.containers.exists(c, c.name == "side")', true],
    ['object.spec.template.spec.containers.map(c, c.name).join(",")', 'web,side'],
    ['object.spec.template.spec.containers.filter(c, !has(c.resources)).size()', 1],
    ['variables.x * 2', 4],
    ['object.metadata.name.matches("^w.b$")', true],
    ['"abc 123".find("[0-9]+")', '123'],
    ['"a1b2".findAll("[0-9]")', ['1', '2']],
    ['"hello".replace("l", "L")', 'heLLo'],
    ['"hello".replace("l", "L", 1)', 'heLlo'],
    ['"abc".charAt(1)', 'b'],
    ['"abc".reverse()', 'cba'],
    ['"%s has %d of %.1f%%".format(["web", 3, 2.5])', 'web has 3 of 2.5%'],
    ['[3, 1, 2].max()', 3],
    ['[3, 1, 2].min()', 1],
    ['[1, 2, 3].sum()', 6],
    ['[1, 2, 2].isSorted()', true],
    ['["a", "b"].indexOf("b")', 1],
    ['sets.contains([1, 2, 3], [2])', true],
    ['sets.intersects(["a"], ["b"])', false],
    ['quantity("1Gi").isGreaterThan(quantity("512Mi"))', true],
    ['quantity(object.spec.template.spec.containers[0].resources.limits.memory).isLessThan(quantity("1G"))', true],
    ['isQuantity("many")', false],
    ['cidr("10.0.0.0/8").containsIP("10.1.2.3")', true],
    ['isIP("010.1.1.1")', false],
    ['ip("::1").family()', 6],
  ])('%s', (source, expected) => {
    expect(evaluate(source)).toEqual(expected);
  });

  it('gives an error as a value', () => {
    expect(evaluate('object.spec.missing.field')).toEqual({ error: expect.stringContaining('missing') });
    expect(evaluate('quantity("x").sign()')).toEqual({ error: expect.stringContaining('not a quantity') });
  });
});

describe('bounds', () => {
  it('match evil patterns in no time', () => {
    const started = process.hrtime.bigint();
    expect(evaluate(`"${'a'.repeat(40)}!".matches("(a+)+$")`)).toBe(false);
    expect(evaluate(`"${'a'.repeat(40)}!".matches("(a+)+" + "$")`)).toBe(false);
    expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(10_000);
  });

  it('refuse loops that are nested too deep', () => {
    expect(() => compileExpression('[1].all(a, [1].all(b, [1].all(c, true)))', 'x')).toThrow(/nested 3 deep/);
    expect(() => compileExpression('[1].all(a, [1].all(b, a == b))', 'x')).not.toThrow();
  });

  it('name the expression and the place of a mistake', () => {
    expect(() => compileExpression('object.spec.replicas <', 'customChecks team: expression')).toThrow(
      /^customChecks team: expression: /,
    );
  });
});
