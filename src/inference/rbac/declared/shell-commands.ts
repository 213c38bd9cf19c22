// The simple commands of a shell script: enough of the shell to find who is called with what, and no more.

/** Words of one command. What only the shell could tell stays as it is written: `$NAME`. */
export interface SimpleCommand {
  readonly words: readonly string[];
  /** True where its input is the output of the command before. */
  readonly isPiped: boolean;
}

const separators = new Set([';', '\n', '&', '|', '(', ')', '`']);

class ShellReader {
  readonly commands: SimpleCommand[] = [];
  private readonly text: string;
  private at = 0;
  private words: string[] = [];
  private word: string | undefined;
  private isPiped = false;

  constructor(text: string) {
    this.text = text;
  }

  read(): readonly SimpleCommand[] {
    while (this.at < this.text.length) {
      this.step(this.text.charAt(this.at));
      this.at += 1;
    }
    this.endCommand(false);
    return this.commands;
  }

  private add(text: string): void {
    this.word = (this.word ?? '') + text;
  }

  private endWord(): void {
    if (this.word !== undefined) this.words.push(this.word);
    this.word = undefined;
  }

  private endCommand(isPipe: boolean): void {
    this.endWord();
    if (this.words.length > 0) this.commands.push({ words: this.words, isPiped: this.isPiped });
    this.words = [];
    this.isPiped = isPipe;
  }

  /** One character that stands outside of quotes. */
  private step(character: string): void {
    if (character === '\\') this.escape();
    else if (character === "'" || character === '"') this.quoted(character);
    else if (character === '#' && this.word === undefined) this.skipTo('\n');
    else if (this.text.startsWith('${', this.at)) this.variable();
    else if (separators.has(character)) this.separate(character);
    else if (/\s/.test(character)) this.endWord();
    else this.add(character);
  }

  /** A line that goes on, or a character that means itself. */
  private escape(): void {
    this.at += 1;
    const next = this.text.charAt(this.at);
    if (next !== '\n') this.add(next);
  }

  private quoted(quote: string): void {
    this.add('');
    for (this.at += 1; this.at < this.text.length && this.text.charAt(this.at) !== quote; this.at += 1) {
      if (quote === '"' && this.text.charAt(this.at) === '\\') this.at += 1;
      this.add(this.text.charAt(this.at));
    }
  }

  private variable(): void {
    const start = this.at;
    this.skipTo('}');
    this.add(this.text.slice(start, this.at + 1));
  }

  /** Stops before a line end, and on anything else. */
  private skipTo(character: string): void {
    const end = this.text.indexOf(character, this.at);
    if (end === -1) this.at = this.text.length;
    else this.at = character === '\n' ? end - 1 : end;
  }

  private separate(character: string): void {
    const isDouble = this.text.charAt(this.at + 1) === character;
    this.endCommand(character === '|' && !isDouble);
    if (character === '|' && isDouble) this.at += 1;
  }
}

/** Commands in the order in which they stand, then those of substitutions inside double quotes: `"$(…)"`. */
export function simpleCommands(text: string): SimpleCommand[] {
  const inner = [...text.matchAll(/"[^"]*?\$\(([^()]*)\)[^"]*"/g)].map((match) => match[1] ?? '');
  return [...new ShellReader(text).read(), ...inner.flatMap(simpleCommands)];
}
