import { NatterError } from "../../foundation/errors.ts";
import { invalidJson } from "../request/json-body.ts";
import { JsonScanner } from "./json-scanner.ts";
import { KeptBytes } from "./kept-bytes.ts";
import { SentenceError } from "./sentence-error.ts";
import { ToldMessage } from "./told-message.ts";

export interface ReducerLimits {
  /** Bytes before the messages, bytes after them, and bytes of a body without `messages`. */
  readonly outerBytes: number;
  /** Bytes of the last message. */
  readonly messageBytes: number;
  /** Bytes of the whole body. */
  readonly bodyBytes: number;
}

const openBracket = 0x5b;
const maxMessages = 100_000;

const told = (bytes: number): string => bytes.toLocaleString("en");

export const bodyTooLarge = (bodyBytes: number): SentenceError =>
  new SentenceError(
    "too_large",
    `A body may hold at most ${told(bodyBytes)} bytes and ${told(maxMessages)} messages; send the last one alone.`,
  );

/**
 * Reads a body of `POST /v1/chat` in pieces and keeps what counts: all of a native body; of one with `messages` the last
 * message, and of the one before it the id and the role. Memory stays within the limits whatever the history holds.
 */
export class BodyReducer {
  readonly #limits: ReducerLimits;
  readonly #scanner: JsonScanner;
  readonly #head: KeptBytes;
  readonly #tail: KeptBytes;
  #outer: KeptBytes;
  #piece: Uint8Array = new Uint8Array();
  #from = 0;
  #size = 0;
  #rootKey: string | null = null;
  #memberKey: string | null = null;
  #isInMessages = false;
  #isInMessage = false;
  #isInMember = false;
  #messages = 0;
  #before: Buffer | null = null;
  #message: ToldMessage | null = null;

  constructor(limits: ReducerLimits) {
    this.#limits = limits;
    this.#head = new KeptBytes(limits.outerBytes);
    this.#tail = new KeptBytes(limits.outerBytes);
    this.#outer = this.#head;
    this.#scanner = new JsonScanner({
      begin: (depth, byte, at) => this.#begin(depth, byte, at),
      end: (depth, at) => this.#end(depth, at),
      key: (depth, name) => {
        if (depth === 1) this.#rootKey = name;
        else if (depth === 3) this.#memberKey = name;
      },
    });
  }

  /** @throws NatterError `invalid_json`, `too_large` (as a sentence when there are messages) */
  push(piece: Uint8Array): void {
    this.#piece = piece;
    this.#from = 0;
    this.#size += piece.byteLength;
    this.#scanner.push(piece);
    this.#keepUntil(piece.byteLength);
    this.#checkSize();
  }

  /**
   * The body as it would be with nothing else in it.
   * @throws NatterError `invalid_json`, `too_large`
   */
  end(): Buffer {
    this.#scanner.end();
    if (this.#message?.whole.isOver === true)
      throw new SentenceError(
        "too_large",
        `A message may hold at most ${told(this.#limits.messageBytes)} bytes with its files; send fewer or smaller ones.`,
      );
    const messages = [this.#before, this.#message?.whole.toBuffer() ?? null].filter((bytes) => bytes !== null);
    const between = messages.flatMap((bytes, index) => (index === 0 ? [bytes] : [Buffer.from(","), bytes]));
    return Buffer.concat([this.#head.toBuffer(), ...between, this.#tail.toBuffer()]);
  }

  #checkSize(): void {
    const { outerBytes, bodyBytes } = this.#limits;
    if (this.#head.isOver || this.#tail.isOver) {
      if (this.#messages === 0)
        throw new NatterError("too_large", `The body may hold at most ${told(outerBytes)} bytes.`);
      throw new SentenceError("too_large", `Beside its messages a body may hold at most ${told(outerBytes)} bytes.`);
    }
    if (this.#size > bodyBytes || this.#messages > maxMessages) throw bodyTooLarge(bodyBytes);
  }

  /** The bytes up to this place belong to what is being read. */
  #keepUntil(at: number): void {
    const bytes = this.#piece.subarray(this.#from, at);
    this.#from = at;
    if (!this.#isInMessages) this.#outer.add(bytes);
    else if (this.#isInMessage) this.#message?.add(bytes);
  }

  #begin(depth: number, byte: number, at: number): void {
    if (depth === 1 && this.#rootKey === "messages" && byte === openBracket) {
      if (this.#outer === this.#tail) throw invalidJson("an object has a key twice");
      this.#keepUntil(at + 1);
      this.#isInMessages = true;
    } else if (this.#isInMessages && depth === 2) {
      this.#keepUntil(at);
      this.#messages += 1;
      this.#before = this.#message?.identity() ?? null;
      this.#message = new ToldMessage(this.#limits.messageBytes);
      this.#memberKey = null;
      this.#isInMessage = true;
    } else if (this.#isInMessages && depth === 3 && (this.#memberKey === "id" || this.#memberKey === "role")) {
      this.#keepUntil(at);
      this.#isInMember = true;
      this.#message?.beginMember(this.#memberKey);
    }
  }

  #end(depth: number, at: number): void {
    if (!this.#isInMessages || depth > 3 || (depth === 3 && !this.#isInMember)) return;
    // the bracket that closes the messages belongs to what follows
    this.#keepUntil(depth === 1 ? at - 1 : at);
    if (depth === 3) {
      this.#isInMember = false;
      this.#message?.endMember();
    } else if (depth === 2) this.#isInMessage = false;
    else {
      this.#isInMessages = false;
      this.#outer = this.#tail;
    }
  }
}
