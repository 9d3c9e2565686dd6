/**
 * Reads `text/event-stream` bytes as the WHATWG specification says, and hands over the data of each event. Bytes may be
 * cut anywhere. Names and ids of events, comments and `retry` are skipped; an event that the stream does not finish
 * with a blank line is dropped.
 */
export interface SseParser {
  push(bytes: Buffer): void;
}

interface ParserState {
  readonly emit: (data: string) => void;
  readonly maxLength: number;
  /** What is being read. */
  text: string;
  /** The line that is not finished yet. Only ever appended to, so that a long one is flattened once. */
  rest: string;
  /** Data lines of the event that is not finished yet. */
  data: string | null;
  /** The last text ended in CR: a LF now belongs to it. */
  isAfterReturn: boolean;
  isAtStart: boolean;
}

const lineFeed = 10;
const space = 32;

const checkLength = (state: ParserState, length: number): void => {
  if (length > state.maxLength) throw new RangeError(`a line or event of more than ${state.maxLength} characters`);
};

const readField = (state: ParserState, value: string): void => {
  checkLength(state, value.length + (state.data?.length ?? 0));
  state.data = state.data === null ? value : `${state.data}\n${value}`;
};

const dispatch = (state: ParserState): void => {
  const { data } = state;
  state.data = null;
  if (data !== null) state.emit(data);
};

/** The line from `at` to `end`; slices only what is kept, because there is a call for every token. */
const readLine = (state: ParserState, at: number, end: number): void => {
  const { text } = state;
  if (at === end) dispatch(state);
  else if (text.startsWith("data:", at))
    readField(state, text.slice(at + (text.charCodeAt(at + 5) === space ? 6 : 5), end));
  else if (end - at === 4 && text.startsWith("data", at)) readField(state, "");
};

/** Where the next line starts: behind BOM at the start of the stream, and behind the LF of a CRLF that was cut. */
const skip = (state: ParserState, text: string): number => {
  const isBom = state.isAtStart && text.charCodeAt(0) === 0xfeff;
  const isRestOfReturn = state.isAfterReturn && text.charCodeAt(0) === lineFeed;
  state.isAtStart = false;
  state.isAfterReturn = false;
  return isBom || isRestOfReturn ? 1 : 0;
};

const keep = (state: ParserState, rest: string): void => {
  checkLength(state, state.rest.length + rest.length);
  state.rest += rest;
};

const readLines = (state: ParserState): void => {
  const { text } = state;
  let at = 0;
  let feed = text.indexOf("\n");
  let back = text.indexOf("\r");
  while (feed !== -1 || back !== -1) {
    const isReturn = back !== -1 && (feed === -1 || back < feed);
    const end = isReturn ? back : feed;
    readLine(state, at, end);
    at = end + 1;
    if (isReturn) {
      if (at === text.length) state.isAfterReturn = true;
      else if (text.charCodeAt(at) === lineFeed) at += 1;
      back = text.indexOf("\r", at);
    }
    if (feed !== -1 && feed < at) feed = text.indexOf("\n", at);
  }
  if (at < text.length) keep(state, text.slice(at));
};

const readText = (state: ParserState, piece: string): void => {
  const at = skip(state, piece);
  const text = at === 0 ? piece : piece.slice(at);
  if (!text.includes("\n") && !text.includes("\r")) return keep(state, text);
  state.text = state.rest + text;
  state.rest = "";
  readLines(state);
};

/**
 * A parser for one stream; `emit` gets the data of each event, synchronously.
 * `push` throws a RangeError on a line or event of more than `maxLength` characters, and whatever `emit` throws.
 */
export const createSseParser = (emit: (data: string) => void, { maxLength = 10_485_760 } = {}): SseParser => {
  const state: ParserState = { emit, maxLength, text: "", rest: "", data: null, isAfterReturn: false, isAtStart: true };
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let isInCharacter = false;
  return {
    push(bytes) {
      if (bytes.length === 0) return;
      const endsInCharacter = (bytes[bytes.length - 1] ?? 0) >= 0x80;
      // toString is several times faster, and right as long as no character is cut at either end
      const text = isInCharacter || endsInCharacter ? decoder.decode(bytes, { stream: true }) : bytes.toString("utf8");
      isInCharacter = endsInCharacter;
      if (text !== "") readText(state, text);
    },
  };
};
