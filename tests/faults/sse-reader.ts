/** One server-sent event, as its fields say. */
export interface ServerEvent {
  readonly id?: string;
  readonly data?: string;
  /** Milliseconds after which to come back. */
  readonly retry?: string;
}

const readEvent = (lines: string): ServerEvent => {
  const event: { id?: string; data?: string; retry?: string } = {};
  for (const line of lines.split("\n")) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon);
    if (name === "id" || name === "data" || name === "retry") event[name] = line.slice(colon + 1).trimStart();
  }
  return event;
};

const boundary = Buffer.from("\n\n");

/** Reads the events of a connection from its bytes, however they are cut; an event that is not complete is never told. */
export const createSseReader = (): ((bytes: Buffer) => ServerEvent[]) => {
  let rest: Buffer = Buffer.alloc(0);
  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    const events: ServerEvent[] = [];
    for (let at = rest.indexOf(boundary); at !== -1; at = rest.indexOf(boundary)) {
      events.push(readEvent(rest.toString("utf8", 0, at)));
      rest = rest.subarray(at + boundary.length);
    }
    return events;
  };
};
