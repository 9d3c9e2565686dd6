import { invalidJson } from "../request/json-body.ts";
import { continueNumber, isWholeNumber, type NumberState } from "./number-state.ts";

/** What a scanner tells of a JSON text. Places are indexes of the piece that is being read; depth 0 is the whole value. */
export interface JsonListener {
  /** A value begins with this byte. */
  begin(depth: number, byte: number, at: number): void;
  /** The value that began last at this depth has ended before `at`. */
  end(depth: number, at: number): void;
  /** The member that comes has this key; null for a long one. */
  key(depth: number, name: string | null): void;
}

type State =
  | "value"
  | "value or end"
  | "key"
  | "key or end"
  | "colon"
  | "after"
  | "string"
  | "escape"
  | "hex"
  | "word"
  | "number";

const maxDepth = 64;
const keptKeyBytes = 64;

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

const words: ReadonlyMap<number, Buffer> = new Map(
  ["true", "false", "null"].map((word) => [word.charCodeAt(0), Buffer.from(word)]),
);

const table = (isIn: (character: string) => boolean): Uint8Array =>
  Uint8Array.from({ length: 256 }, (_byte, code) => (isIn(String.fromCharCode(code)) ? 1 : 0));

const isPlain = table((character) => character >= " " && character !== '"' && character !== "\\");
const isBlank = table((character) => " \t\n\r".includes(character));
const isHex = table((character) => /[0-9A-Fa-f]/.test(character));
const isEscapable = table((character) => String.raw`"\/bfnrtu`.includes(character));

const unreadable = (): Error => invalidJson("it cannot be read");

/** Reads JSON (RFC 8259) in pieces, without keeping it: nesting of at most 64 levels, any length. */
export class JsonScanner {
  readonly #listener: JsonListener;
  readonly #isObject = new Uint8Array(maxDepth + 1);
  #depth = 0;
  #state: State = "value";
  #isKey = false;
  #key = "";
  #hexLeft = 0;
  #word: Uint8Array = new Uint8Array();
  #wordAt = 0;
  #number: NumberState | "start" = "start";

  constructor(listener: JsonListener) {
    this.#listener = listener;
  }

  /** @throws NatterError `invalid_json` */
  push(piece: Uint8Array): void {
    for (let at = 0; at < piece.length;) at = this.#step(piece, at);
  }

  /** @throws NatterError `invalid_json` */
  end(): void {
    if (this.#state === "number") this.#endNumber(0);
    if (this.#state !== "after" || this.#depth > 0) throw unreadable();
  }

  /** Reads one token, or what is there of it; answers where it stopped. */
  #step(piece: Uint8Array, at: number): number {
    switch (this.#state) {
      case "string":
        return this.#readString(piece, at);
      case "number":
        return this.#readNumber(piece, at);
      case "escape":
      case "hex":
      case "word":
        this.#readInside(piece[at] ?? 0, at);
        return at + 1;
      default:
        return isBlank[piece[at] ?? 0] === 1 ? at + 1 : this.#readMark(piece[at] ?? 0, at);
    }
  }

  #readMark(byte: number, at: number): number {
    switch (this.#state) {
      case "value or end":
        if (byte !== closeBracket) return this.#beginValue(byte, at);
        this.#close(at);
        break;
      case "key or end":
        if (byte === closeBrace) this.#close(at);
        else this.#beginKey(byte);
        break;
      case "key":
        this.#beginKey(byte);
        break;
      case "colon":
        if (byte !== colon) throw unreadable();
        this.#state = "value";
        break;
      case "after":
        this.#readAfter(byte, at);
        break;
      default:
        return this.#beginValue(byte, at);
    }
    return at + 1;
  }

  #readAfter(byte: number, at: number): void {
    const isObject = this.#isObject[this.#depth] === 1;
    if (this.#depth === 0) throw unreadable();
    if (byte === comma) this.#state = isObject ? "key" : "value";
    else if (byte === (isObject ? closeBrace : closeBracket)) this.#close(at);
    else throw unreadable();
  }

  #beginKey(byte: number): void {
    if (byte !== quote) throw unreadable();
    this.#state = "string";
    this.#isKey = true;
    this.#key = "";
  }

  /** A number is read from its first byte on, anything else from its second. */
  #beginValue(byte: number, at: number): number {
    const word = words.get(byte);
    this.#listener.begin(this.#depth, byte, at);
    if (byte === quote) this.#state = "string";
    else if (byte === openBrace || byte === openBracket) this.#open(byte);
    else if (word === undefined) {
      this.#state = "number";
      this.#number = "start";
      return at;
    } else {
      this.#state = "word";
      this.#word = word;
      this.#wordAt = 1;
    }
    return at + 1;
  }

  #open(byte: number): void {
    if (this.#depth === maxDepth) throw invalidJson(`it is nested deeper than ${maxDepth} levels`);
    this.#depth += 1;
    this.#isObject[this.#depth] = byte === openBrace ? 1 : 0;
    this.#state = byte === openBrace ? "key or end" : "value or end";
  }

  #close(at: number): void {
    this.#depth -= 1;
    this.#endValue(at + 1);
  }

  #endValue(at: number): void {
    this.#state = "after";
    this.#listener.end(this.#depth, at);
  }

  #readString(piece: Uint8Array, start: number): number {
    let at = start;
    while (at < piece.length && isPlain[piece[at] ?? 0] === 1) at += 1;
    if (this.#isKey) this.#keepKey(piece.subarray(start, at + 1));
    if (at === piece.length) return at;
    if (piece[at] === quote) this.#endString(at + 1);
    else if (piece[at] === backslash) this.#state = "escape";
    else throw unreadable();
    return at + 1;
  }

  #keepKey(bytes: Uint8Array): void {
    if (this.#key.length <= keptKeyBytes)
      this.#key += Buffer.from(bytes.subarray(0, keptKeyBytes + 1)).toString("latin1");
  }

  #endString(at: number): void {
    if (!this.#isKey) return this.#endValue(at);
    this.#isKey = false;
    this.#state = "colon";
    const name: unknown = this.#key.length > keptKeyBytes ? null : JSON.parse(`"${this.#key}`);
    this.#listener.key(this.#depth, typeof name === "string" ? name : null);
  }

  /** One byte of an escape or of a word. */
  #readInside(byte: number, at: number): void {
    if (this.#state === "word") {
      if (byte !== this.#word[this.#wordAt]) throw unreadable();
      this.#wordAt += 1;
      if (this.#wordAt === this.#word.length) this.#endValue(at + 1);
      return;
    }
    if (this.#isKey) this.#keepKey(Uint8Array.of(byte));
    if (this.#state === "hex") {
      if (isHex[byte] !== 1) throw unreadable();
      this.#hexLeft -= 1;
      if (this.#hexLeft === 0) this.#state = "string";
      return;
    }
    if (isEscapable[byte] !== 1) throw unreadable();
    this.#hexLeft = 4;
    this.#state = byte === 0x75 ? "hex" : "string";
  }

  #readNumber(piece: Uint8Array, start: number): number {
    for (let at = start; at < piece.length; at += 1) {
      const next = continueNumber(this.#number, piece[at] ?? 0);
      if (next === undefined) {
        this.#endNumber(at);
        return at;
      }
      this.#number = next;
    }
    return piece.length;
  }

  #endNumber(at: number): void {
    if (this.#number === "start" || !isWholeNumber(this.#number)) throw unreadable();
    this.#endValue(at);
  }
}
