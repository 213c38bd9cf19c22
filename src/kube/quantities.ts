// Kubernetes quantities (`500m`, `1.5Gi`, `1E3`): exact in billionths, the finest step that Kubernetes keeps.

import { digitsOf } from '../model/exact-number.ts';

export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent';

export interface Quantity {
  /** The value in billionths. */
  readonly nano: bigint;
  /** The family of suffixes it was written with. */
  readonly format: QuantityFormat;
}

const nanoPerUnit = 1_000_000_000n;
const nanoDigits = 9;
/** Binary quantities are capped at the largest int64. */
const binaryMax = (2n ** 63n - 1n) * nanoPerUnit;
/** Beyond this the number has no use as a resource and would only cost memory. */
const exponentMax = 10_000;

const decimalExponents: ReadonlyMap<string, number> = new Map([
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
]);
const binaryShifts: ReadonlyMap<string, bigint> = new Map([
  ['Ki', 10n],
  ['Mi', 20n],
  ['Gi', 30n],
  ['Ti', 40n],
  ['Pi', 50n],
  ['Ei', 60n],
]);

const shape = /^([+-]?)([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]*[+-]?[0-9]*)$/;

interface Scale {
  readonly format: QuantityFormat;
  readonly exponent: number;
  readonly shift: bigint;
}

function interpretSuffix(suffix: string): Scale | undefined {
  const decimal = decimalExponents.get(suffix);
  if (decimal !== undefined) return { format: 'DecimalSI', exponent: decimal, shift: 0n };
  const shift = binaryShifts.get(suffix);
  if (shift !== undefined) return { format: 'BinarySI', exponent: 0, shift };
  if (!/^[eE][+-]?[0-9]+$/.test(suffix)) return undefined;
  return { format: 'DecimalExponent', exponent: Number(suffix.slice(1)), shift: 0n };
}

/** Kubernetes reads a suffix without digits as zero (what a template with an empty value gives), but not every one. */
function isAccepted({ exponent, shift }: Scale, digits: string): boolean {
  if (digits === '') return shift < 50n && exponent >= -nanoDigits && exponent <= exponentMax;
  return Math.abs(exponent) <= exponentMax;
}

function toNano(digits: bigint, exponent: number): bigint {
  const power = exponent + nanoDigits;
  if (power >= 0) return digits * 10n ** BigInt(power);
  const divisor = 10n ** BigInt(-power);
  // Rounded up: who asks for a little gets a little, never nothing.
  return (digits + divisor - 1n) / divisor;
}

function quantityOf(negative: boolean, magnitude: bigint, format: QuantityFormat): Quantity {
  const capped = format === 'BinarySI' && magnitude > binaryMax ? binaryMax : magnitude;
  const isFraction = format === 'BinarySI' && capped > 0n && capped < nanoPerUnit;
  return { nano: negative ? -capped : capped, format: isFraction ? 'DecimalSI' : format };
}

/**
 * Reads a quantity as the API does, from text or from a plain number; `undefined` where it is none, and beyond 10^10000.
 * Source: k8s.io/apimachinery pkg/api/resource. `1E` is exa, `1E3` a thousand, `1m` a thousandth.
 */
export function parseQuantity(value: string | number): Quantity | undefined {
  const text = (digitsOf(value) ?? String(value)).trim();
  const match = text === '' ? null : shape.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', suffix = ''] = match;
  const scale = interpretSuffix(suffix);
  if (scale === undefined || !isAccepted(scale, whole + fraction)) return undefined;
  const digits = BigInt(`0${whole}${fraction}`) << scale.shift;
  return quantityOf(sign === '-', toNano(digits, scale.exponent - fraction.length), scale.format);
}

/** -1, 0 or 1, as a sort function wants it. The format plays no part: `1Ki` equals `1024`. */
export function compareQuantities(a: Quantity, b: Quantity): -1 | 0 | 1 {
  if (a.nano === b.nano) return 0;
  return a.nano < b.nano ? -1 : 1;
}

/** The nearest number: cores for CPU, bytes for memory. */
export function quantityToNumber(quantity: Quantity): number {
  const { nano } = quantity;
  if (nano % nanoPerUnit === 0n) return Number(nano / nanoPerUnit);
  return Number(nano) / Number(nanoPerUnit);
}

/** The sum, written in the first one's format. */
export function addQuantities(a: Quantity, b: Quantity): Quantity {
  return { nano: a.nano + b.nano, format: a.format };
}

function stripFactors(value: bigint, factor: bigint, most: number): readonly [bigint, number] {
  let rest = value;
  let times = 0;
  while (times < most && rest % factor === 0n) {
    rest /= factor;
    times += 1;
  }
  return [rest, times];
}

function suffixFor<T>(table: ReadonlyMap<string, T>, wanted: T): string {
  for (const [suffix, value] of table) if (value === wanted) return suffix;
  return '';
}

function formatDecimal(nano: bigint, format: QuantityFormat): string {
  const most = format === 'DecimalExponent' ? Number.POSITIVE_INFINITY : 9;
  const [number, thousands] = stripFactors(nano, 1000n, most);
  const exponent = thousands * 3 - nanoDigits;
  if (format === 'DecimalSI') return `${number}${suffixFor(decimalExponents, exponent)}`;
  return exponent === 0 ? `${number}` : `${number}e${exponent}`;
}

/** The canonical text, as the API returns it: no fraction, the largest suffix that loses nothing. */
export function formatQuantity({ nano, format }: Quantity): string {
  if (nano === 0n) return '0';
  const magnitude = nano < 0n ? -nano : nano;
  const isBinary = format === 'BinarySI' && magnitude >= 1024n * nanoPerUnit && nano % nanoPerUnit === 0n;
  if (!isBinary) return formatDecimal(nano, format === 'BinarySI' ? 'DecimalSI' : format);
  const [number, times] = stripFactors(nano / nanoPerUnit, 1024n, binaryShifts.size);
  return `${number}${times === 0 ? '' : suffixFor(binaryShifts, BigInt(times * 10))}`;
}
