// The log of a backup, in the lines that Velero's own tools show.

type Level = 'info' | 'warning' | 'error';

/** logrus' text format: key=value, values quoted. */
export class LogText {
  private readonly lines: string[] = [];
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  info(message: string, fields: Readonly<Record<string, string | number>> = {}): void {
    this.add('info', message, fields);
  }

  add(level: Level, message: string, fields: Readonly<Record<string, string | number>> = {}): void {
    const time = new Date(this.now()).toISOString().replace(/\.\d+Z$/, 'Z');
    const rest = Object.entries(fields).map(([key, value]) => ` ${key}=${JSON.stringify(String(value))}`);
    this.lines.push(`time="${time}" level=${level} msg=${JSON.stringify(message)}${rest.join('')}`);
  }

  toText(): string {
    return this.lines.map((line) => `${line}\n`).join('');
  }
}
