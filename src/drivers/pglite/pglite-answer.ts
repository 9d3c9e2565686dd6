import { resultParsers } from "../sql/sql-result.ts";

/** A column of a result: its name and how its text becomes a value. */
export interface ResultColumn {
  readonly name: string;
  readonly parse: ((text: string) => unknown) | undefined;
}

/** What the server answered to one request, up to its `ReadyForQuery`. */
export interface Answer {
  /** Columns of the statement when the request asked for them. */
  readonly columns: readonly ResultColumn[] | null;
  readonly rows: readonly Record<string, unknown>[];
  readonly error: Error | null;
  /** Whether the session is inside a transaction after this request. */
  readonly isInTransaction: boolean;
}

const type = { dataRow: 68, error: 69, noData: 110, readyForQuery: 90, rowDescription: 84 } as const;
const headerBytes = 5;
const idle = "I".charCodeAt(0);

const errorFields: Readonly<Record<string, string>> = {
  V: "severity",
  C: "code",
  M: "message",
  D: "detail",
  H: "hint",
  P: "position",
  W: "where",
  s: "schema_name",
  t: "table_name",
  c: "column_name",
  n: "constraint_name",
  R: "routine",
};

const readError = (bytes: Buffer, from: number, to: number): Error => {
  const fields = bytes
    .toString("utf8", from, to)
    .split("\0")
    .flatMap((field) => (field ? [[errorFields[field.charAt(0)] ?? field.charAt(0), field.slice(1)] as const] : []));
  const { message = "The database refused the statement", ...details } = Object.fromEntries(fields);
  return Object.assign(new Error(message), details);
};

const readColumns = (bytes: Buffer, from: number): ResultColumn[] => {
  let at = from + 2;
  return Array.from({ length: bytes.readUInt16BE(from) }, () => {
    const end = bytes.indexOf(0, at);
    const name = bytes.toString("utf8", at, end);
    // Behind the name: table (4 bytes), attribute (2), type (4), size (2), modifier (4), format (2).
    const parse = resultParsers.get(bytes.readUInt32BE(end + 7));
    at = end + 19;
    return { name, parse };
  });
};

const readRow = (bytes: Buffer, from: number, columns: readonly ResultColumn[]): Record<string, unknown> => {
  const row: Record<string, unknown> = {};
  let at = from + 2;
  for (const { name, parse } of columns) {
    const length = bytes.readInt32BE(at);
    at += 4;
    if (length < 0) row[name] = null;
    else {
      const text = bytes.toString("utf8", at, at + length);
      row[name] = parse ? parse(text) : text;
      at += length;
    }
  }
  return row;
};

/**
 * Reads the answer to one request from backend messages of the PostgreSQL protocol 3.0 that begin at `from`, and says
 * where the next one begins. `known` are the columns when the request did not ask for them.
 */
export const readAnswer = (
  bytes: Buffer,
  from: number,
  known: readonly ResultColumn[] | null,
): { answer: Answer; next: number } => {
  let columns: readonly ResultColumn[] | null = null;
  let error: Error | null = null;
  const rows: Record<string, unknown>[] = [];
  let at = from;
  for (;;) {
    const kind = bytes[at];
    const body = at + headerBytes;
    at += 1 + bytes.readInt32BE(at + 1);
    if (kind === type.dataRow) rows.push(readRow(bytes, body, columns ?? known ?? []));
    else if (kind === type.rowDescription) columns = readColumns(bytes, body);
    else if (kind === type.noData) columns = [];
    else if (kind === type.error) error = readError(bytes, body, at);
    else if (kind === type.readyForQuery) {
      return { answer: { columns, rows, error, isInTransaction: bytes[body] !== idle }, next: at };
    }
  }
};
