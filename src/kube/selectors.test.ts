import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileNodeSelector } from './node-selectors.ts';
import { parseSelectorText } from './selector-text.ts';
import { compileEqualitySelector, compileSelector, formatSelector, type Requirement, selectorOf } from './selectors.ts';

const web = { app: 'web', tier: 'front' };

describe('a LabelSelector', () => {
  it('matches everything when empty and nothing when missing', () => {
    expect(compileSelector({}).isEmpty).toBe(true);
    expect(compileSelector({}).matches({})).toBe(true);
    expect(compileSelector({ matchLabels: {}, matchExpressions: [] }).matches(undefined)).toBe(true);
    expect(compileSelector(undefined).matches(web)).toBe(false);
    expect(compileSelector(null).matchesNothing).toBe(true);
    expect(compileSelector(null).invalid).toBeUndefined();
    expect(compileSelector(undefined)).toMatchObject({ isEmpty: false, requirements: [], requiredPairs: [] });
    expect(compileSelector(undefined)).not.toHaveProperty('invalid');
    expect(compileSelector({ matchLabels: web }).matchesNothing).toBe(false);
  });

  it('reads null as absent, and as the empty string where it is the value of a label', () => {
    expect(compileSelector({ matchLabels: null, matchExpressions: null }).isEmpty).toBe(true);
    expect(compileSelector({ matchLabels: { app: null } }).matches({ app: '' })).toBe(true);
    expect(compileSelector({ matchLabels: { app: null } }).matches(web)).toBe(false);
    const exists = compileSelector({ matchExpressions: [{ key: 'app', operator: 'Exists', values: null }] });
    expect(exists.matches(web)).toBe(true);
  });

  it('takes a label whose value is not text for absent', () => {
    const selector = compileSelector({ matchExpressions: [{ key: 'app', operator: 'Exists' }] });
    expect(selector.matches({ app: 1 })).toBe(false);
  });

  it('demands all pairs and all expressions', () => {
    const selector = compileSelector({
      matchLabels: { app: 'web' },
      matchExpressions: [{ key: 'tier', operator: 'In', values: ['front', 'edge'] }],
    });
    expect(selector.matches(web)).toBe(true);
    expect(selector.matches({ app: 'web' })).toBe(false);
    expect(selector.matches({ app: 'api', tier: 'front' })).toBe(false);
  });

  it('lets NotIn and DoesNotExist match an absent label, and In and Exists not', () => {
    const one = (operator: string, values?: string[]) =>
      compileSelector({ matchExpressions: [{ key: 'tier', operator, ...(values ? { values } : {}) }] });
    expect(one('NotIn', ['front']).matches({})).toBe(true);
    expect(one('NotIn', ['front']).matches(web)).toBe(false);
    expect(one('DoesNotExist').matches({})).toBe(true);
    expect(one('DoesNotExist').matches(web)).toBe(false);
    expect(one('In', ['front']).matches({})).toBe(false);
    expect(one('Exists').matches({})).toBe(false);
    expect(one('Exists').matches({ tier: '' })).toBe(true);
  });

  it('does not take inherited properties for labels', () => {
    const selector = compileSelector({ matchExpressions: [{ key: 'constructor', operator: 'Exists' }] });
    expect(selector.matches({})).toBe(false);
    expect(selector.matches({ constructor: 'x' })).toBe(true);
  });

  it.each([
    [{ matchExpressions: [{ key: 'a', operator: 'in', values: ['b'] }] }, 'operator must be one of'],
    [{ matchExpressions: [{ key: 'a', operator: 'Gt', values: ['1'] }] }, 'operator must be one of'],
    [{ matchExpressions: [{ key: 'a', operator: 'In', values: [] }] }, 'at least one value'],
    [{ matchExpressions: [{ key: 'a', operator: 'NotIn' }] }, 'at least one value'],
    [{ matchExpressions: [{ key: 'a', operator: 'Exists', values: ['b'] }] }, 'needs no values'],
    [{ matchExpressions: [{ key: 'a', operator: 'In', values: [1] }] }, 'list of strings'],
    [{ matchExpressions: [{ key: 'a', operator: 'In', values: 'b' }] }, 'list of strings'],
    [{ matchExpressions: [{ operator: 'Exists' }] }, 'key must be a string'],
    [{ matchExpressions: [{ key: 'a' }] }, 'operator must be one of In, NotIn, Exists, DoesNotExist'],
    [{ matchExpressions: [{ key: 'a', operator: 'DoesNotExist', values: ['b'] }] }, 'needs no values'],
    [{ matchExpressions: ['a'] }, 'matchExpressions: must be a mapping'],
    [{ matchExpressions: {} }, 'must be a list'],
    [{ matchLabels: { version: 1 } }, 'the value of "version" must be a string'],
    [{ matchLabels: { 'a/b/c': 'x' } }, "at most one '/'"],
    [{ matchLabels: { app: 'no blanks' } }, 'value "no blanks"'],
    [{ matchLabels: { app: 'x'.repeat(64) } }, 'no more than 63'],
    ['app=web', 'must be a mapping'],
  ])('matches nothing and says why: %j', (raw, reason) => {
    const selector = compileSelector(raw);
    expect(selector.invalid).toContain(reason);
    expect(selector.matches({ a: 'b', app: 'web' })).toBe(false);
  });

  it('names the pairs that an index can look up', () => {
    const selector = compileSelector({
      matchLabels: { app: 'web' },
      matchExpressions: [
        { key: 'tier', operator: 'In', values: ['front'] },
        { key: 'zone', operator: 'In', values: ['a', 'b'] },
        { key: 'old', operator: 'DoesNotExist' },
      ],
    });
    expect(selector.requiredPairs).toEqual([
      ['app', 'web'],
      ['tier', 'front'],
    ]);
  });
});

describe("a Service's selector", () => {
  it('selects nothing when empty or missing', () => {
    expect(compileEqualitySelector({}).matches(web)).toBe(false);
    expect(compileEqualitySelector(undefined).matches(web)).toBe(false);
    expect(compileEqualitySelector({}).invalid).toBeUndefined();
  });

  it('demands each pair', () => {
    expect(compileEqualitySelector({ app: 'web' }).matches(web)).toBe(true);
    expect(compileEqualitySelector({ app: 'web', tier: 'back' }).matches(web)).toBe(false);
  });

  it('refuses what is not a map of strings', () => {
    expect(compileEqualitySelector({ matchLabels: { app: 'web' } }).invalid).toContain('"matchLabels"');
    expect(compileEqualitySelector([]).invalid).toContain('must be a mapping');
  });
});

describe('the text form', () => {
  it.each([
    ['', '', {}, true],
    ['app=web', 'app=web', web, true],
    ['app==web', 'app=web', web, true],
    ['app!=web', 'app!=web', {}, true],
    ['x in (foo,,baz),y,z notin ()', 'x in (,baz,foo),y,z!=', { x: '', y: '1', z: 'q' }, true],
    ['  tier in ( front , back ) , !legacy', '!legacy,tier in (back,front)', web, true],
    ['in in (in,notin)', 'in in (in,notin)', { in: 'notin' }, true],
    ['x=', 'x=', { x: '' }, true],
    ['x=,y=1', 'x=,y=1', { x: '', y: '1' }, true],
    ['gen>2,gen<9', 'gen>2,gen<9', { gen: '10' }, false],
    ['gen>2,gen<9', 'gen>2,gen<9', { gen: '3' }, true],
    ['gen>2', 'gen>2', { gen: 'many' }, false],
    ['gen>2', 'gen>2', { gen: '3x' }, false],
    ['gen>2', 'gen>2', { gen: 'x3' }, false],
    ['gen>2', 'gen>2', { gen: '2' }, false],
    ['gen<2', 'gen<2', { gen: '2' }, false],
    ['gen>2', 'gen>2', { gen: '+3' }, true],
    ['gen>2', 'gen>2', { gen: '9223372036854775807' }, true],
    ['gen>2', 'gen>2', { gen: '9223372036854775808' }, false],
    ['gen>2', 'gen>2', {}, false],
  ])('%j reads as %j', (text, formatted, labels, matches) => {
    const selector = parseSelectorText(text);
    expect(selector.invalid).toBeUndefined();
    expect(formatSelector(selector)).toBe(formatted);
    expect(selector.matches(labels)).toBe(matches);
  });

  it.each([
    ['x=a||y=b', 'found "=", expected "," or the end'],
    ['x=a||y', 'value "a||y"'],
    ['x==a==b', 'found "==", expected "," or the end'],
    ['!x=a,', 'found "=", expected "," or the end'],
    ['x in a', 'found "a", expected "("'],
    ['x in (a', 'found the end, expected "," or ")"'],
    ['x in (a b)', 'found "b", expected "," or ")"'],
    [',x', 'found ",", expected a label key'],
    ['x,,y', 'found ",", expected a label key'],
    ['(x)', 'found "(", expected a label key'],
    ['x>a', 'operator Gt needs exactly one whole number'],
    ['x=(', 'found "(", expected a value'],
    ['x(', 'found "(", expected =, ==, !=, in, notin, > or <'],
    ['x y', 'found "y", expected =, ==, !=, in, notin, > or <'],
    ['x=a b', 'found "b", expected "," or the end'],
    ['y,x>a', 'operator Gt needs exactly one whole number'],
    ['!', 'found the end, expected a label key'],
    ['!x=1', 'found "=", expected "," or the end'],
  ])('refuses %j and says why', (text, reason) => {
    const selector = parseSelectorText(text);
    expect(selector.invalid).toContain(reason);
    expect(selector.matches({ x: 'a' })).toBe(false);
  });
});

describe('a node selector', () => {
  const gpu = { gpus: '4', zone: 'a' };
  const term = (...matchExpressions: object[]) => ({ nodeSelectorTerms: [{ matchExpressions }] }) as never;

  it('compares integers with Gt and Lt', () => {
    expect(compileNodeSelector(term({ key: 'gpus', operator: 'Gt', values: ['3'] })).matches(gpu, 'n')).toBe(true);
    expect(compileNodeSelector(term({ key: 'gpus', operator: 'Gt', values: ['4'] })).matches(gpu, 'n')).toBe(false);
    expect(compileNodeSelector(term({ key: 'gpus', operator: 'Lt', values: ['10'] })).matches(gpu, 'n')).toBe(true);
    expect(compileNodeSelector(term({ key: 'zone', operator: 'Gt', values: ['1'] })).matches(gpu, 'n')).toBe(false);
  });

  it('treats terms as alternatives and skips empty ones', () => {
    const selector = compileNodeSelector({
      nodeSelectorTerms: [
        {},
        { matchExpressions: [{ key: 'zone', operator: 'In', values: ['b'] }] },
        { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['node-1'] }] },
      ],
    });
    expect(selector.matches({ zone: 'b' }, 'other')).toBe(true);
    expect(selector.matches({}, 'node-1')).toBe(true);
    expect(selector.matches({}, 'other')).toBe(false);
    expect(compileNodeSelector({ nodeSelectorTerms: [{}] }).matches({}, 'n')).toBe(false);
    expect(compileNodeSelector(undefined).matches({}, 'n')).toBe(false);
  });

  it('keeps valid terms when another is invalid, and says what is wrong', () => {
    const selector = compileNodeSelector({
      nodeSelectorTerms: [
        { matchExpressions: [{ key: 'gpus', operator: 'Gt', values: ['many'] }] },
        { matchExpressions: [{ key: 'zone', operator: 'Exists' }] },
      ],
    });
    expect(selector.invalid).toContain('exactly one whole number');
    expect(selector.matches(gpu, 'n')).toBe(true);
    const fields = (key: string, values: string[]) =>
      compileNodeSelector({ nodeSelectorTerms: [{ matchFields: [{ key, operator: 'In', values }] }] });
    expect(fields('metadata.name', ['a', 'b']).invalid).toContain('one element');
    expect(fields('spec.unschedulable', ['a']).invalid).toContain('only metadata.name');
    expect(compileNodeSelector(term({ key: 'gpus', operator: 'Gt', values: ['-1'] })).invalid).toContain('"-1"');
    expect(compileNodeSelector(term({ key: 'gpus', operator: 'Gt', values: ['1', '2'] })).invalid).toContain(
      'exactly one',
    );
    expect(compileNodeSelector(term({ key: 'gpus', operator: 'gt', values: ['1'] })).invalid).toContain(
      'matchExpressions: key "gpus": operator must be one of',
    );
    expect(
      compileNodeSelector({ nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'Exists' }] }] })
        .invalid,
    ).toContain('matchFields: key "metadata.name": operator must be one of');
  });

  it('demands the conditions on labels and on the name of one term together', () => {
    const both = compileNodeSelector({
      nodeSelectorTerms: [
        {
          matchExpressions: [{ key: 'zone', operator: 'Exists' }],
          matchFields: [{ key: 'metadata.name', operator: 'NotIn', values: ['node-1'] }],
        },
      ],
    });
    expect(both).not.toHaveProperty('invalid');
    expect(both.matches(gpu, 'node-2')).toBe(true);
    expect(both.matches(gpu, 'node-1')).toBe(false);
    expect(both.matches({}, 'node-2')).toBe(false);
  });

  it('skips a term that is no mapping', () => {
    const selector = compileNodeSelector({ nodeSelectorTerms: [null, 'zone'] });
    expect(selector.matches(gpu, 'n')).toBe(false);
    expect(selector).not.toHaveProperty('invalid');
  });
});

const word = fc.stringMatching(/^[a-z](?:[-a-z0-9.]{0,8}[a-z0-9])?$/).filter((text) => !text.includes('..'));
const requirement: fc.Arbitrary<Requirement> = fc.oneof(
  fc.record({
    key: word,
    operator: fc.constantFrom('In' as const, 'NotIn' as const),
    values: fc.uniqueArray(fc.oneof(word, fc.constant('')), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    key: word,
    operator: fc.constantFrom('Exists' as const, 'DoesNotExist' as const),
    values: fc.constant([]),
  }),
);

describe('for any requirements', () => {
  it('the text form reads back as the same selector', () => {
    fc.assert(
      fc.property(fc.array(requirement, { maxLength: 5 }), fc.dictionary(word, word), (requirements, labels) => {
        const selector = selectorOf(requirements);
        const again = parseSelectorText(formatSelector(selector));
        expect(again.invalid).toBeUndefined();
        expect(formatSelector(again)).toBe(formatSelector(selector));
        expect(again.matches(labels)).toBe(selector.matches(labels));
      }),
    );
  });

  it('an operator and its opposite never agree', () => {
    const opposites = { In: 'NotIn', NotIn: 'In', Exists: 'DoesNotExist', DoesNotExist: 'Exists' } as const;
    fc.assert(
      fc.property(requirement, fc.dictionary(word, word), (one, labels) => {
        const operator = opposites[one.operator as keyof typeof opposites];
        expect(selectorOf([{ ...one, operator }]).matches(labels)).toBe(!selectorOf([one]).matches(labels));
      }),
    );
  });

  it('whatever matches carries the required pairs', () => {
    fc.assert(
      fc.property(fc.array(requirement, { maxLength: 3 }), fc.dictionary(word, word), (requirements, labels) => {
        const selector = selectorOf(requirements);
        const all = { ...labels, ...Object.fromEntries(selector.requiredPairs) };
        for (const candidate of [labels, all]) {
          if (!selector.matches(candidate)) continue;
          for (const [key, value] of selector.requiredPairs) expect(candidate[key]).toBe(value);
        }
      }),
    );
  });
});
