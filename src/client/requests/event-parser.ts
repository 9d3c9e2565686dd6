/** One server-sent event with the fields that it carried. */
export interface ServerEvent {
  readonly id?: string;
  readonly data?: string;
  /** Milliseconds after which to come back. */
  readonly retry?: number;
}

interface Fields {
  id?: string;
  data?: string;
  retry?: number;
}

const readField = (fields: Fields, line: string): void => {
  const colon = line.indexOf(":");
  if (colon === 0) return;
  const name = colon === -1 ? line : line.slice(0, colon);
  const value = colon === -1 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
  if (name === "data") fields.data = fields.data === undefined ? value : `${fields.data}\n${value}`;
  else if (name === "id" && !value.includes("\0")) fields.id = value;
  else if (name === "retry" && /^\d{1,9}$/.test(value)) fields.retry = Number(value);
};

/**
 * Reads server-sent events (WHATWG HTML §9.2) out of text that comes in pieces, cut anywhere. The returned function takes
 * the next piece and answers the events that it completed. An event that is not closed by an empty line is never told.
 */
export const createEventParser = (): ((piece: string) => ServerEvent[]) => {
  let rest = "";
  let fields: Fields = {};
  let isFirst = true;
  let endedInReturn = false;
  return (piece) => {
    const events: ServerEvent[] = [];
    let text = rest + piece;
    if (isFirst && text !== "") {
      text = text.replace(/^\uFEFF/, "");
      isFirst = false;
    }
    let at = 0;
    if (endedInReturn && text !== "") {
      if (text[0] === "\n") at = 1;
      endedInReturn = false;
    }
    // what was kept holds no line end
    const lineEnd = /\r\n?|\n/g;
    lineEnd.lastIndex = Math.max(at, rest.length);
    for (let end = lineEnd.exec(text); end !== null; end = lineEnd.exec(text)) {
      const line = text.slice(at, end.index);
      at = lineEnd.lastIndex;
      endedInReturn = end[0] === "\r" && at === text.length;
      if (line !== "") readField(fields, line);
      else if (Object.keys(fields).length > 0) {
        events.push(fields);
        fields = {};
      }
    }
    rest = text.slice(at);
    return events;
  };
};
