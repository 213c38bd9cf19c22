// Keeps one copy of the short strings that manifests repeat thousands of times: field names, kinds, `true`, `TCP`.

const slots = 8192;
/** A longer slice keeps the whole text alive in V8, which a key does not: as a name of a property it is copied. */
const longestValue = 12;
const longestKey = 48;

export class Strings {
  private readonly known: string[] = Array.from({ length: slots }, () => '');

  /** `text.slice(start, end)` for a value. */
  value(text: string, start: number, end: number): string {
    return end - start > longestValue ? text.slice(start, end) : this.shared(text, start, end);
  }

  /** `text.slice(start, end)` for a key. */
  key(text: string, start: number, end: number): string {
    return end - start > longestKey ? text.slice(start, end) : this.shared(text, start, end);
  }

  private shared(text: string, start: number, end: number): string {
    let mixed = end - start;
    for (let pos = start; pos < end; pos += 1) mixed = (Math.imul(mixed, 31) + text.charCodeAt(pos)) | 0;
    const slot = (mixed ^ (mixed >>> 13)) & (slots - 1);
    const known = this.known[slot] ?? '';
    if (known.length === end - start && text.startsWith(known, start)) return known;
    const fresh = text.slice(start, end);
    this.known[slot] = fresh;
    return fresh;
  }
}
