import { describe, expect, it } from 'vitest';
import { pick, type Picked } from './pick.ts';
import { createStyle } from './style.ts';

async function talk(
  items: readonly string[],
  ...answers: readonly string[]
): Promise<{ picked: Picked<string>; told: string }> {
  const given = [...answers];
  let told = '';
  const picked = await pick(
    { title: 'Kinds', items, labelOf: (item) => item },
    {
      ask: () => Promise.resolve(given.shift()),
      tell: (text) => {
        told += text;
      },
      style: createStyle(false),
      width: 80,
    },
  );
  return { picked, told };
}

const many = Array.from({ length: 30 }, (_, index) => `item-${index}`);

describe('choosing one of many', () => {
  it.each<[string, readonly string[], Picked<string>]>([
    ['by its number', ['2'], { item: 'item-1' }],
    ['by its number in a narrowed list', ['-2', '2'], { item: 'item-20' }],
    ['by a text that fits one alone, in any case', ['ITEM-29'], { item: 'item-29' }],
    ['after a step back to the whole list', ['-2', 'b', '3'], { item: 'item-2' }],
    ['by a name that is a number', ['/7', '1'], { item: 'item-7' }],
    ['not with a number that is none of them', ['99', 'b', '1'], { item: 'item-0' }],
    ['not at all', ['b'], { next: 'back' }],
    ['not at all, for good', ['q'], { next: 'end' }],
    ['not where the input has ended', [], { next: 'end' }],
    ['by what it holds', ['?db.example.com'], { search: 'db.example.com' }],
  ])('%s', async (_how, answers, expected) => {
    expect((await talk(many, ...answers)).picked).toEqual(expected);
  });

  it('shows so many as fit, and how many more there are', async () => {
    const { told } = await talk(many, '-1', 'q');
    expect(told).toContain('and 10 more');
    expect(told).toContain('with "-1": 11 of 30');
  });

  it('shows no control characters of names', async () => {
    expect((await talk(['a\u001B[31mb'], 'q')).told).not.toContain('\u001B');
  });
});
