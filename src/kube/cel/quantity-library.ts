// The quantity library of Kubernetes' CEL (1.28+).

import type { Environment } from '@marcbachmann/cel-js';
import { addQuantities, compareQuantities, parseQuantity, type Quantity, quantityToNumber } from '../quantities.ts';

class CelQuantity {
  readonly value: Quantity;
  constructor(value: Quantity) {
    this.value = value;
  }
}

function read(text: string): CelQuantity {
  const value = parseQuantity(text);
  if (value === undefined) throw new Error(`quantity: "${text}" is not a quantity`);
  return new CelQuantity(value);
}

function sign(value: Quantity): bigint {
  const zero = parseQuantity('0');
  return zero === undefined ? 0n : BigInt(Math.sign(compareQuantities(value, zero)));
}

export function addQuantityLibrary(environment: Environment): void {
  environment
    .registerType('kubernetes.Quantity', { ctor: CelQuantity, fields: {} })
    .registerFunction('quantity(string): kubernetes.Quantity', read)
    .registerFunction('isQuantity(string): bool', (text: string) => parseQuantity(text) !== undefined)
    .registerFunction('kubernetes.Quantity.compareTo(kubernetes.Quantity): int', (a: CelQuantity, b: CelQuantity) =>
      BigInt(Math.sign(compareQuantities(a.value, b.value))),
    )
    .registerFunction(
      'kubernetes.Quantity.isLessThan(kubernetes.Quantity): bool',
      (a: CelQuantity, b: CelQuantity) => compareQuantities(a.value, b.value) < 0,
    )
    .registerFunction(
      'kubernetes.Quantity.isGreaterThan(kubernetes.Quantity): bool',
      (a: CelQuantity, b: CelQuantity) => compareQuantities(a.value, b.value) > 0,
    )
    .registerFunction('kubernetes.Quantity.sign(): int', ({ value }: CelQuantity) => sign(value))
    .registerFunction(
      'kubernetes.Quantity.add(kubernetes.Quantity): kubernetes.Quantity',
      (a: CelQuantity, b: CelQuantity) => new CelQuantity(addQuantities(a.value, b.value)),
    )
    .registerFunction(
      'kubernetes.Quantity.sub(kubernetes.Quantity): kubernetes.Quantity',
      (a: CelQuantity, b: CelQuantity) => new CelQuantity(addQuantities(a.value, { ...b.value, nano: -b.value.nano })),
    )
    .registerFunction('kubernetes.Quantity.asApproximateFloat(): double', ({ value }: CelQuantity) =>
      quantityToNumber(value),
    )
    .registerFunction('kubernetes.Quantity.isInteger(): bool', ({ value }: CelQuantity) =>
      Number.isInteger(quantityToNumber(value)),
    )
    .registerFunction('kubernetes.Quantity.asInteger(): int', ({ value }: CelQuantity) =>
      BigInt(quantityToNumber(value)),
    );
}
