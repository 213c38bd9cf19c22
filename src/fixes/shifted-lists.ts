// Lists that have lost items: the numbers in other changes' paths, which were read before, mean other items now.

import type { Change, Edit, KubeObject, Path } from '../model/index.ts';

function listsIn({ path }: Edit): Path[] {
  return path.flatMap((step, index) => (typeof step === 'number' ? [path.slice(0, index)] : []));
}

function shiftedBy(edit: Edit): Path | undefined {
  return edit.op === 'remove' && typeof edit.path.at(-1) === 'number' ? edit.path.slice(0, -1) : undefined;
}

export class ShiftedLists {
  private readonly byObject = new Map<KubeObject, Set<string>>();

  /** True where the change names an item of such a list by its number: it must be planned anew. */
  concern({ edits }: Change): boolean {
    return edits.some(({ object, edits: own }) => {
      const shifted = this.byObject.get(object);
      return (
        shifted !== undefined && own.some((edit) => listsIn(edit).some((list) => shifted.has(JSON.stringify(list))))
      );
    });
  }

  note({ edits }: Change): void {
    for (const { object, edits: own } of edits) {
      const shifted = this.byObject.get(object) ?? new Set();
      for (const edit of own) {
        const list = shiftedBy(edit);
        if (list !== undefined) shifted.add(JSON.stringify(list));
      }
      this.byObject.set(object, shifted);
    }
  }
}
