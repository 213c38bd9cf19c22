// Which objects of a list were shown before.

import { PackedNames } from '../layout/packed-names.ts';
import type { ListedObject } from './listed-object.ts';

/** A list that had to begin anew shows objects again. */
export class Repeats {
  private readonly listed = new PackedNames();
  private known: Set<string> | undefined;

  begin(): void {
    this.known ??= new Set(this.listed);
  }

  isNew({ namespace, name }: ListedObject): boolean {
    const key = `${namespace}/${name}`;
    if (this.known?.has(key) === true) return false;
    this.known?.add(key);
    this.listed.add(key);
    return true;
  }
}
