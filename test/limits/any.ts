export function read(value: any): string {
  return value;
}
