const initialBytes = 16_384;
const largestUtf8Bytes = 3;

const code = { bind: "B", close: "C", describe: "D", execute: "E", parse: "P", query: "Q", sync: "S" } as const;

/**
 * Writes frontend messages of the PostgreSQL protocol 3.0 (its manual, "Message Formats"), everything in text format.
 * `take` hands over what was written since the last time.
 */
export const createRequestWriter = () => {
  let buffer = Buffer.allocUnsafe(initialBytes);
  let end = 0;

  const reserve = (bytes: number): void => {
    if (end + bytes <= buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(2 * buffer.length, end + bytes));
    buffer.copy(grown, 0, 0, end);
    buffer = grown;
  };
  const int16 = (value: number): void => {
    reserve(2);
    end = buffer.writeUInt16BE(value, end);
  };
  const int32 = (value: number): void => {
    reserve(4);
    end = buffer.writeInt32BE(value, end);
  };
  const text = (value: string): void => {
    reserve(value.length * largestUtf8Bytes + 1);
    end += buffer.write(value, end);
  };
  const terminated = (value: string): void => {
    text(value);
    buffer[end] = 0;
    end += 1;
  };
  /** Writes `body` behind its own length; `counted` is how many bytes of the length itself it includes. */
  const measured = (counted: 0 | 4, body: () => void): void => {
    const at = end;
    int32(0);
    body();
    buffer.writeInt32BE(end - at - 4 + counted, at);
  };
  const message = (type: string, body: () => void): void => {
    text(type);
    measured(4, body);
  };
  const parameter = (value: string | null): void => {
    if (value === null) int32(-1);
    else measured(0, () => text(value));
  };
  const nothing = (): void => {};

  return {
    parse: (name: string, statement: string): void =>
      message(code.parse, () => {
        terminated(name);
        terminated(statement);
        int16(0);
      }),
    bind: (name: string, values: readonly (string | null)[]): void =>
      message(code.bind, () => {
        terminated("");
        terminated(name);
        int16(0);
        int16(values.length);
        for (const value of values) parameter(value);
        int16(0);
      }),
    /** What rows the statement gives. */
    describe: (name: string): void => message(code.describe, () => terminated(`S${name}`)),
    close: (name: string): void => message(code.close, () => terminated(`S${name}`)),
    execute: (): void =>
      message(code.execute, () => {
        terminated("");
        int32(0);
      }),
    sync: (): void => message(code.sync, nothing),
    query: (script: string): void => message(code.query, () => terminated(script)),
    take: (): Uint8Array => {
      const taken = new Uint8Array(buffer.subarray(0, end));
      end = 0;
      if (buffer.length > 64 * initialBytes) buffer = Buffer.allocUnsafe(initialBytes);
      return taken;
    },
  };
};

export type RequestWriter = ReturnType<typeof createRequestWriter>;
