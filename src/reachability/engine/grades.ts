// Sets of ports with three readings: what is let through for sure, as the input stands, and possibly.

import { allPorts, meetPorts, noPorts, type PortSet, unitePorts, withoutPorts } from '../ports/port-set.ts';

/** `sure` is within `read`, and `read` within `possible`; they differ only where the input does not tell all. */
export interface Graded {
  readonly sure: PortSet;
  /** As if what the input does not hold did not exist: labels that nobody told are not there. */
  readonly read: PortSet;
  readonly possible: PortSet;
}

/** How surely something matches, as bits: 0 for no, 7 for yes. */
export type Grade = number;
const readBit = 2;
const sureBit = 4;
export const possibleGrade: Grade = 1;
export const readGrade: Grade = possibleGrade | readBit;
export const sureGrade: Grade = readGrade | sureBit;

export function isSure(grade: Grade): boolean {
  return (grade & sureBit) !== 0;
}

export function isRead(grade: Grade): boolean {
  return (grade & readBit) !== 0;
}

export function certain(ports: PortSet): Graded {
  return { sure: ports, read: ports, possible: ports };
}

function each(combine: (a: PortSet, b: PortSet) => PortSet): (a: Graded, b: Graded) => Graded {
  return (a, b) => ({
    sure: combine(a.sure, b.sure),
    read: combine(a.read, b.read),
    possible: combine(a.possible, b.possible),
  });
}

type Id = number;

/** Gives each graded set a number, and remembers what was computed: the same few sets meet again and again. */
export class GradeTable {
  private readonly list: Graded[] = [];
  private readonly ids = new Map<string, Id>();
  readonly none = this.add(certain(noPorts));
  readonly all = this.add(certain(allPorts));
  private readonly uniteAny = this.remember(each(unitePorts));
  private readonly meetAny = this.remember(each(meetPorts));
  /** The first without the second, which is denied. */
  readonly without = this.remember((a, b) => ({
    sure: withoutPorts(a.sure, b.possible),
    read: withoutPorts(a.read, b.read),
    possible: withoutPorts(a.possible, b.sure),
  }));
  /** One of two is true, and nobody knows which; as the input stands it is the first. */
  readonly either = this.remember((a, b) => ({
    sure: meetPorts(a.sure, b.sure),
    read: a.read,
    possible: unitePorts(a.possible, b.possible),
  }));

  readonly unite = (a: Id, b: Id): Id => {
    if (a === b || b === this.none || a === this.all) return a;
    return a === this.none || b === this.all ? b : this.uniteAny(a, b);
  };

  readonly meet = (a: Id, b: Id): Id => {
    if (a === b || b === this.all || a === this.none) return a;
    return a === this.all || b === this.none ? b : this.meetAny(a, b);
  };

  of(id: Id): Graded {
    return this.list[id] ?? certain(noPorts);
  }

  add(graded: Graded): Id {
    const key = [graded.sure, graded.read, graded.possible].map((set) => set.join(',')).join('|');
    let id = this.ids.get(key);
    if (id === undefined) {
      id = this.list.length;
      this.list.push(graded);
      this.ids.set(key, id);
    }
    return id;
  }

  /** What a rule that matches with this grade lets through. */
  weaken(id: Id, grade: Grade): Id {
    if (isSure(grade)) return id;
    const { read, possible } = this.of(id);
    return this.add({ sure: noPorts, read: isRead(grade) ? read : noPorts, possible });
  }

  private remember(compute: (a: Graded, b: Graded) => Graded): (a: Id, b: Id) => Id {
    const memory = new Map<number, Id>();
    return (a, b) => {
      const key = a * 2 ** 26 + b;
      let id = memory.get(key);
      if (id === undefined) {
        id = this.add(compute(this.of(a), this.of(b)));
        memory.set(key, id);
      }
      return id;
    };
  }
}
