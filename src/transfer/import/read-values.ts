import { JSONParser } from "@streamparser/json";
import { NatterError } from "../../foundation/errors.ts";

/** Bytes of one value of a file: a conversation, or a line with files in it. */
const mostValueBytes = 134_217_728;

/** Tokens of one value: each empty list takes many times the memory of its two bytes. */
const mostValueTokens = 10_000_000;

const broken = (cause: unknown): NatterError =>
  cause instanceof NatterError
    ? cause
    : new NatterError("unprocessable", "The file is no JSON of conversations, or ends in the middle of it.", { cause });

const opening = (piece: Uint8Array): number | undefined =>
  piece.find((byte) => byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09 && byte < 0x80);

const createParser = (isList: boolean, take: (value: unknown) => void): JSONParser => {
  const parser = new JSONParser(
    isList ? { paths: ["$.*"], keepStack: false } : { paths: ["$"], separator: "\n", keepStack: false },
  );
  let tokens = 0;
  parser.onToken = () => {
    tokens += 1;
    if (tokens > mostValueTokens)
      throw new NatterError("too_large", "One conversation of the file holds more values than can be read.");
  };
  parser.onValue = ({ value }) => {
    tokens = 0;
    take(value);
  };
  return parser;
};

/**
 * The values of a file one by one: the items of an array, or JSON values on lines of their own. Only what came in one
 * piece is in memory together.
 * @throws NatterError `unprocessable`, `too_large`
 */
export async function* readValues(content: AsyncIterable<Uint8Array>): AsyncGenerator<unknown> {
  let values: unknown[] = [];
  let parser: JSONParser | null = null;
  let sinceValue = 0;
  let failure: unknown;
  const open = (isList: boolean): JSONParser => {
    const made = createParser(isList, (value) => void values.push(value));
    made.onError = (error) => void (failure ??= error);
    return made;
  };
  const write = (piece: Uint8Array): void => {
    try {
      parser?.write(piece);
    } catch (cause) {
      failure ??= cause;
    }
    if (failure !== undefined && values.length === 0) throw broken(failure);
  };
  for await (const piece of content) {
    const first = parser === null ? opening(piece) : undefined;
    if (parser === null && first === undefined) continue;
    parser ??= open(first === 0x5b);
    write(piece);
    sinceValue = values.length > 0 ? 0 : sinceValue + piece.length;
    if (sinceValue > mostValueBytes)
      throw new NatterError("too_large", "One conversation of the file is larger than 128 MB.");
    yield* values;
    values = [];
    if (failure !== undefined) throw broken(failure);
  }
  if (parser === null) throw broken(new Error("nothing but white space"));
  try {
    if (!parser.isEnded) parser.end();
  } catch (cause) {
    failure ??= cause;
  }
  yield* values;
  if (failure !== undefined) throw broken(failure);
}
