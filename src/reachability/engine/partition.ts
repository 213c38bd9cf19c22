// Sorts things into groups that nothing tells apart: each question splits the groups whose members answer it differently.

export interface Groups {
  /** The number of the group of each thing, from 0. */
  readonly groupOf: Int32Array;
  /** One member of each group. */
  readonly examples: readonly number[];
}

/** Answers are whole numbers below it. */
const most = 2 ** 24;

export class Partition {
  private readonly groups: Int32Array;
  private count = 1;

  constructor(size: number) {
    this.groups = new Int32Array(size);
  }

  /** Those that are not among the answers gave none. Each index comes once at most. */
  split(answers: Iterable<readonly [index: number, answer: number]>): void {
    const fresh = new Map<number, number>();
    for (const [index, answer] of answers) {
      const key = (this.groups[index] ?? 0) * most + answer;
      let group = fresh.get(key);
      if (group === undefined) {
        group = this.count;
        this.count += 1;
        fresh.set(key, group);
      }
      this.groups[index] = group;
    }
  }

  splitBy(textOf: (index: number) => string): void {
    const numbers = new Map<string, number>();
    const answers = Array.from(this.groups, (_, index): [number, number] => {
      const text = textOf(index);
      const number = numbers.get(text) ?? numbers.size;
      numbers.set(text, number);
      return [index, number];
    });
    this.split(answers);
  }

  result(): Groups {
    const numbers = new Map<number, number>();
    const examples: number[] = [];
    const groupOf = this.groups.map((group, index) => {
      const known = numbers.get(group);
      if (known !== undefined) return known;
      numbers.set(group, examples.length);
      examples.push(index);
      return examples.length - 1;
    });
    return { groupOf, examples };
  }
}
