const token =
  /\s*(?:(?<string>"(?:[^"\\]|\\(?:[^u]|u[\da-fA-F]{4}))*)(?<quote>"?)|(?<mark>[{}[\],:])|(?<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<literal>t(?:r(?:ue?)?)?|f(?:a(?:l(?:se?)?)?)?|n(?:u(?:ll?)?)?))/gy;

const literals = ["true", "false", "null"];

/** The longest beginning of a JSON text that can be closed, closed; empty when there is none. */
const close = (text: string): string => {
  const open: string[] = [];
  let closed = "";
  let isKey = false;
  const keep = (beginning: string): void => void (closed = beginning + open.toReversed().join(""));
  token.lastIndex = 0;
  for (let found = token.exec(text); found?.groups !== undefined; found = token.exec(text)) {
    const { string, quote, mark, number, literal } = found.groups;
    const end = token.lastIndex;
    if (mark === "{" || mark === "[") {
      open.push(mark === "{" ? "}" : "]");
      keep(text.slice(0, end));
    } else if (mark === "}" || mark === "]") {
      open.pop();
      keep(text.slice(0, end));
    } else if (literal !== undefined) {
      const whole = literals.find((one) => one.startsWith(literal)) ?? "";
      if (whole !== literal && end < text.length) break;
      keep(text.slice(0, end - literal.length) + whole);
    } else if (number !== undefined || (string !== undefined && !isKey)) {
      keep(text.slice(0, end) + (string !== undefined && quote === "" ? '"' : ""));
    }
    isKey = mark === "{" || (mark === "," && open.at(-1) === "}");
  }
  return closed;
};

/**
 * The value of a JSON text whose end has not come: what is there of it, with everything open closed; undefined while that
 * is nothing. As AI SDK 7 `parsePartialJson` reads it.
 */
export const parsePartialJson = (text: string): unknown => {
  const closed = close(text);
  try {
    return closed === "" ? undefined : JSON.parse(closed);
  } catch {
    // what a model writes may be no JSON at all; the call itself says so when it is complete
    return undefined;
  }
};
