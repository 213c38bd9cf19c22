export function twice(value: number) {
  return value * 2;
}
