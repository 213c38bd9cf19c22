import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../model/index.ts';
import { substituteObject } from './substitute-object.ts';
import { substituteText } from './substitute-text.ts';

const values: Readonly<Record<string, string>> = {
  a: 'one.two.two',
  n: '3',
  host: 'shop.example.com',
  empty: '',
  list: '[x, z]',
  no: 'off',
  map: 'b: 1',
};
const lookup = (name: string) => values[name] ?? (name === 'hidden' ? undefined : '');

describe('variables in a text, as Flux puts them in', () => {
  it.each([
    ['x-${a}-${n}', 'x-one.two.two-3'],
    ['${gone}|${empty}', '|'],
    ['$a $(a) ${a', undefined],
    ['$a $(a) cost: 5$', '$a $(a) cost: 5$'],
    ['$${a} $$b', '${a} $b'],
    ['${gone:=d} ${gone:-e} ${gone=f} ${empty:=g} ${n:=h}', 'd e f g 3'],
    ['${gone:=${n}-${host}}', '3-shop.example.com'],
    ['${gone:=a:b/c}', 'a:b/c'],
    ['${gone:=}', ''],
    ['${a:4}', 'two.two'],
    ['${a:4:3} ${a:-3}', 'two one.two.two'],
    ['${a: -3} ${a:0:-4} ${a:99}', 'two one.two '],
    ['${a/two/2} ${a//two/2} ${a//two/} ${a/#one/1} ${a/%two/2}', 'one.2.two one.2.2 one.. 1.two.two one.two.2'],
    ['${a#*.} ${a##*.} ${a%.*} ${a%%.*} ${a#x}', 'two.two two one.two one one.two.two'],
    ['${host%%[.]*} ${n#?}', 'shop '],
    ['${a^} ${a^^} ${host,,} ${#n}', 'One.two.two ONE.TWO.TWO shop.example.com 1'],
    ['${n-x}', undefined],
    ['${}', undefined],
    ['${a:x}', undefined],
    ['${hidden}', undefined],
    ['${hidden:=d}', undefined],
  ])('%s', (text, wished) => {
    expect(substituteText(text, lookup)).toBe(wished);
  });

  it('never fails, whatever the text, and leaves texts without them as they are', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('$', '{', '}', 'a', ':', '=', '#', '%', '/', '*', '[', ']', '1', '-', '.') }),
        (text) => {
          const result = substituteText(text, lookup);
          if (!/\$[{$]/.test(text)) expect(result).toBe(text);
        },
      ),
    );
  });
});

describe('variables in an object', () => {
  const whole = { values, isWhole: true };

  it('have the type that they would have without quotes, where they stood plain', () => {
    const raw: JsonObject = {
      spec: {
        replicas: '${n}',
        ports: ['${n}0'],
        off: '${no}',
        nothing: '${gone}',
        args: '${list}',
        text: '${n}: x',
        other: '${map}',
        multi: '${n}\n',
      },
      data: { plain: 'x ${n}', date: '${n}-x' },
    };
    expect(substituteObject(raw, whole)).toEqual({
      spec: {
        replicas: 3,
        ports: [30],
        off: false,
        nothing: null,
        args: ['x', 'z'],
        text: '3: x',
        other: 'b: 1',
        multi: '3\n',
      },
      data: { plain: 'x 3', date: '3-x' },
    });
  });

  it('are put into keys, too', () => {
    expect(substituteObject({ data: { '${n}-key': 'a' } }, whole)).toEqual({ data: { '3-key': 'a' } });
  });

  it('stay where the object says so, and where nobody knows them', () => {
    const off = 'kustomize.toolkit.fluxcd.io/substitute';
    for (const field of ['labels', 'annotations']) {
      const raw = { metadata: { [field]: { [off]: 'disabled' } }, spec: '${n}' };
      expect(substituteObject(raw, whole)).toBe(raw);
    }
    const part = { values: { n: '3' }, isWhole: false };
    expect(substituteObject({ spec: ['${n}', '${x}', '${x:=1}'] }, part)).toEqual({ spec: [3, '${x}', '${x:=1}'] });
  });
});
