import type { PatternTree } from "./pattern-tree.ts";

const classNames = /^\[:\^?[a-z]+:\]/;
const quantifier = /^(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})\??/;
const groupOpen = /^\((?:\?(?:P?<\w+>|[a-zA-Z]*(?:-[a-zA-Z]+)?:))?/;
const flagSwitch = /^\(\?[a-zA-Z]*(?:-[a-zA-Z]+)?\)/;
const escapes = /^\\(?:[pP](?:\{\^?\w+\}|\w)|x(?:\{[0-9a-fA-F]+\}|[0-9a-fA-F]{2})|[0-7]{1,3}|[^])/u;
const assertions = new Set(["^", "$", "\\b", "\\B", "\\A", "\\z", "\\Z"]);

/** Reads an expression that RE2 has compiled: what RE2 refuses is never asked about here. */
class PatternParser {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  parse(): PatternTree {
    const options: PatternTree[] = [];
    for (;;) {
      options.push({ kind: "sequence", items: this.#sequence() });
      if (this.#source[this.#at] !== "|") break;
      this.#at += 1;
    }
    const [only] = options;
    return options.length === 1 && only !== undefined ? only : { kind: "choice", options };
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#source.length;
  }

  #sequence(): PatternTree[] {
    const items: PatternTree[] = [];
    while (!this.isAtEnd && this.#source[this.#at] !== "|" && this.#source[this.#at] !== ")") {
      const quoted = this.#quoted();
      if (quoted === null) items.push(this.#repeated(this.#item()));
      else items.push(...quoted.slice(0, -1), ...quoted.slice(-1).map((last) => this.#repeated(last)));
    }
    return items;
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    const found = pattern.exec(this.#source.slice(this.#at));
    if (found !== null) this.#at += found[0].length;
    return found;
  }

  /** `\Q…\E` */
  #quoted(): PatternTree[] | null {
    if (!this.#source.startsWith("\\Q", this.#at)) return null;
    const end = this.#source.indexOf("\\E", this.#at);
    const text = this.#source.slice(this.#at + 2, end === -1 ? undefined : end);
    this.#at = end === -1 ? this.#source.length : end + 2;
    return Array.from(text, (character) => ({ kind: "character", source: `\\Q${character}\\E` }));
  }

  #item(): PatternTree {
    const flags = this.#take(flagSwitch);
    if (flags !== null) return { kind: "nothing", source: flags[0], isFlag: true };
    const open = this.#take(groupOpen);
    if (open !== null) {
      const isNamed = open[0] === "(" || open[0].endsWith(">");
      const body = this.parse();
      this.#at += 1;
      return { kind: "group", open: isNamed ? "(?:" : open[0], body };
    }
    const source = this.#atom();
    return assertions.has(source) ? { kind: "nothing", source, isFlag: false } : { kind: "character", source };
  }

  #atom(): string {
    const start = this.#at;
    if (this.#source[start] === "[") this.#skipClass();
    else if (this.#take(escapes) === null)
      this.#at += String.fromCodePoint(this.#source.codePointAt(start) ?? 0).length;
    return this.#source.slice(start, this.#at);
  }

  #skipClass(): void {
    this.#take(/^\[\^?\]?/);
    while (!this.isAtEnd && this.#source[this.#at] !== "]") {
      if (this.#take(classNames) === null && this.#take(escapes) === null) this.#at += 1;
    }
    this.#at += 1;
  }

  #repeated(item: PatternTree): PatternTree {
    const found = this.#take(quantifier);
    if (found === null) return item;
    const [text, count, comma, upTo] = found;
    if (count === undefined) {
      const least = text.startsWith("+") ? 1 : 0;
      return this.#repeated({ kind: "repeat", item, least, most: text.startsWith("?") ? 1 : Infinity });
    }
    const least = Number(count);
    const most = comma === undefined ? least : upTo === undefined || upTo === "" ? Infinity : Number(upTo);
    return this.#repeated({ kind: "repeat", item, least, most });
  }
}

/** The tree of an expression; null: it is written in a way that is not understood here. */
export const parsePattern = (source: string): PatternTree | null => {
  const parser = new PatternParser(source);
  const tree = parser.parse();
  return parser.isAtEnd ? tree : null;
};
