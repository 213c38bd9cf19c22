// Go durations (`1h30m`, `500ms`) as Kubernetes' APIs and flags take them, exact in nanoseconds.

const microsecond = 1_000n;
const millisecond = 1_000_000n;
const second = 1_000_000_000n;
const minute = 60n * second;
const hour = 60n * minute;

const units: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', microsecond],
  ['µs', microsecond],
  ['μs', microsecond],
  ['ms', millisecond],
  ['s', second],
  ['m', minute],
  ['h', hour],
]);

const limit = 2n ** 63n;
const part = /([0-9]*)(?:\.([0-9]*))?([^0-9.]+)/y;

/** The nanoseconds of a part's fraction, with Go's own rounding: a float, cut off. */
function fractionOf(digits: string, unit: bigint): bigint {
  let value = 0n;
  let scale = 1;
  for (const digit of digits) {
    if (value > (limit - 1n) / 10n || value * 10n + BigInt(digit) > limit) break;
    value = value * 10n + BigInt(digit);
    scale *= 10;
  }
  return BigInt(Math.trunc(Number(value) * (Number(unit) / scale)));
}

function parsePart(match: RegExpExecArray): bigint | undefined {
  const [, whole = '', fraction = '', name = ''] = match;
  const unit = units.get(name);
  if (unit === undefined || (whole === '' && fraction === '')) return undefined;
  const base = BigInt(`0${whole}`) * unit;
  return base > limit ? undefined : base + fractionOf(fraction, unit);
}

function parseMagnitude(text: string): bigint | undefined {
  if (text === '0') return 0n;
  if (text === '') return undefined;
  let total = 0n;
  part.lastIndex = 0;
  while (part.lastIndex < text.length) {
    const match = part.exec(text);
    const value = match === null ? undefined : parsePart(match);
    if (value === undefined) return undefined;
    total += value;
    if (total > limit) return undefined;
  }
  return total;
}

/** Nanoseconds, or `undefined` where the text is no Go duration (a number needs a unit; days do not exist). Source: Go's time.ParseDuration. */
export function parseGoDuration(text: string): bigint | undefined {
  const negative = text.startsWith('-');
  const magnitude = parseMagnitude(negative || text.startsWith('+') ? text.slice(1) : text);
  if (magnitude === undefined) return undefined;
  if (negative) return -magnitude;
  return magnitude === limit ? undefined : magnitude;
}

/** As a duration stands in JSON: a text, or a whole number of nanoseconds. `undefined` where it is neither. */
export function parseDurationValue(value: string | number): bigint | undefined {
  if (typeof value === 'string') return parseGoDuration(value);
  return Number.isInteger(value) && Math.abs(value) < Number(limit) ? BigInt(value) : undefined;
}

/** Seconds with their fraction, for comparing and showing. */
export function durationToSeconds(nanoseconds: bigint): number {
  return Number(nanoseconds) / Number(second);
}

/** A decimal without needless zeros: 1500 of 1000 is `1.5`. */
function decimal(value: bigint, unit: bigint): string {
  const rest = String(value % unit)
    .padStart(String(unit).length - 1, '0')
    .replace(/0+$/, '');
  return rest === '' || unit === 1n ? String(value / unit) : `${value / unit}.${rest}`;
}

function formatMagnitude(value: bigint): string {
  if (value < microsecond) return `${value}ns`;
  if (value < millisecond) return `${decimal(value, microsecond)}µs`;
  if (value < second) return `${decimal(value, millisecond)}ms`;
  const minutes = value >= minute ? `${(value % hour) / minute}m` : '';
  const hours = value >= hour ? `${value / hour}h` : '';
  return `${hours}${minutes}${decimal(value % minute, second)}s`;
}

/** The text as Go writes it: `1h30m0s`. */
export function formatGoDuration(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return '0s';
  return nanoseconds < 0n ? `-${formatMagnitude(-nanoseconds)}` : formatMagnitude(nanoseconds);
}
