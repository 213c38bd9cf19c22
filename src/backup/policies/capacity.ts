// The range of sizes that a policy is for: `10Gi,100Gi`, open at either end.

import { compareQuantities, parseQuantity, type Quantity } from '../../kube/quantities.ts';

export interface CapacityRange {
  readonly least: Quantity;
  /** Zero where there is no upper end. */
  readonly most: Quantity;
}

const zero: Quantity = { nano: 0n, format: 'DecimalSI' };

function parseEnd(text: string): Quantity | undefined {
  return text.trim() === '' ? zero : parseQuantity(text.trim());
}

/** The reason where it is no range. */
export function parseCapacity(text: string): CapacityRange | string {
  const ends = text === '' ? ['', ''] : text.split(',');
  const [least, most] = ends.map(parseEnd);
  if (ends.length !== 2 || least === undefined || most === undefined)
    return 'must be two quantities with a comma between, one of which may be left out: 10Gi,100Gi';
  if (most.nano !== 0n && compareQuantities(most, least) < 0) return 'must have the smaller quantity first';
  return { least, most };
}

/** Both ends belong to it. */
export function isInRange({ least, most }: CapacityRange, size: Quantity): boolean {
  return compareQuantities(least, size) <= 0 && (most.nano === 0n || compareQuantities(most, size) >= 0);
}

export function sizeOf(text: string): Quantity {
  return parseQuantity(text) ?? zero;
}
