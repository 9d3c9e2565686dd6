const initialBytes = 16_384;
const keptBytes = 1_048_576;
const largestUtf8Bytes = 3;
const lengthBytes = 4;

const nothing = (): void => {};

/**
 * Writes frontend messages of the PostgreSQL protocol 3.0 (its manual, "Message Formats"), everything in text format.
 * A name of "" is the unnamed statement.
 */
export class RequestWriter {
  #buffer = Buffer.allocUnsafe(initialBytes);
  #end = 0;

  parse(name: string, statement: string): void {
    this.#message("P", () => {
      this.#terminated(name);
      this.#terminated(statement);
      this.#int16(0);
    });
  }

  bind(name: string, values: readonly (string | null)[]): void {
    this.#message("B", () => {
      this.#terminated("");
      this.#terminated(name);
      this.#int16(0);
      this.#int16(values.length);
      for (const value of values) this.#parameter(value);
      this.#int16(0);
    });
  }

  /** Asks which columns the statement gives. */
  describe(name: string): void {
    this.#message("D", () => this.#terminated(`S${name}`));
  }

  close(name: string): void {
    this.#message("C", () => this.#terminated(`S${name}`));
  }

  execute(): void {
    this.#message("E", () => {
      this.#terminated("");
      this.#int32(0);
    });
  }

  sync(): void {
    this.#message("S", nothing);
  }

  query(script: string): void {
    this.#message("Q", () => this.#terminated(script));
  }

  /** What was written since the last call, in memory of its own. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = new Uint8Array(this.#buffer.subarray(0, this.#end));
    this.#end = 0;
    if (this.#buffer.length > keptBytes) this.#buffer = Buffer.allocUnsafe(initialBytes);
    return taken;
  }

  #reserve(bytes: number): void {
    if (this.#end + bytes <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(2 * this.#buffer.length, this.#end + bytes));
    this.#buffer.copy(grown, 0, 0, this.#end);
    this.#buffer = grown;
  }

  #int16(value: number): void {
    this.#reserve(2);
    this.#end = this.#buffer.writeUInt16BE(value, this.#end);
  }

  #int32(value: number): void {
    this.#reserve(lengthBytes);
    this.#end = this.#buffer.writeInt32BE(value, this.#end);
  }

  #text(value: string): void {
    this.#reserve(value.length * largestUtf8Bytes);
    this.#end += this.#buffer.write(value, this.#end);
  }

  #terminated(value: string): void {
    this.#text(value);
    this.#reserve(1);
    this.#end = this.#buffer.writeUInt8(0, this.#end);
  }

  #parameter(value: string | null): void {
    if (value === null) return this.#int32(-1);
    const at = this.#end;
    this.#int32(0);
    this.#text(value);
    this.#buffer.writeInt32BE(this.#end - at - lengthBytes, at);
  }

  #message(type: string, writeBody: () => void): void {
    this.#text(type);
    const at = this.#end;
    this.#int32(0);
    writeBody();
    this.#buffer.writeInt32BE(this.#end - at, at);
  }
}
