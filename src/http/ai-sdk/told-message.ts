import { KeptBytes } from "./kept-bytes.ts";

/** Bytes of an id or a role; a longer one is none that is stored. */
const maxMemberBytes = 256;

/** One message of a history while it is read: all of it, in case it is the last, and what identifies it. */
export class ToldMessage {
  readonly whole: KeptBytes;
  #members: Buffer[] = [];
  #member: { readonly name: string; readonly value: KeptBytes } | null = null;

  constructor(maxBytes: number) {
    this.whole = new KeptBytes(maxBytes);
  }

  beginMember(name: string): void {
    this.#member = { name, value: new KeptBytes(maxMemberBytes) };
  }

  add(piece: Uint8Array): void {
    this.whole.add(piece);
    this.#member?.value.add(piece);
  }

  endMember(): void {
    if (this.#member === null) return;
    const { name, value } = this.#member;
    const bytes = value.isOver ? Buffer.from('""') : value.toBuffer();
    this.#members.push(Buffer.concat([Buffer.from(`${JSON.stringify(name)}:`), bytes]));
    this.#member = null;
  }

  /** The message without all that does not identify it. */
  identity(): Buffer {
    const members = this.#members.flatMap((member, index) => (index === 0 ? [member] : [Buffer.from(","), member]));
    return Buffer.concat([Buffer.from("{"), ...members, Buffer.from("}")]);
  }
}
