import { describe, expect, it } from "vitest";
import type { IncomingMessage } from "node:http";
import { NatterError } from "../../foundation/errors.ts";
import { silentLogger } from "../../foundation/logger.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import { OpenSockets } from "./open-sockets.ts";
import type { OpenSocket } from "./socket.ts";
import { Visitor } from "./visitor.ts";

const person: Principal = { userId: "person", workspaceId: "place", role: "owner", name: null };

const createVisit = (answers: (Principal | NatterError)[]) => {
  const closed: number[] = [];
  const over = new AbortController();
  const asked: (string | null)[] = [];
  const socket: OpenSocket = {
    send: () => {},
    backlog: () => 0,
    drained: async () => {},
    close: (code) => {
      closed.push(code);
      over.abort();
    },
    signal: over.signal,
    probe: () => {},
  };
  const visitor = new Visitor({
    socket,
    sockets: new OpenSockets(),
    standing: { watch: () => {} },
    authenticate: async ({ headers }) => {
      asked.push(headers.get("authorization"));
      const answer = answers.shift() ?? person;
      if (answer instanceof NatterError) throw answer;
      return answer;
    },
    request: new Request("http://natter.test/v1/live", { headers: { cookie: "a=b" } }),
    incoming: {} as IncomingMessage,
    logger: silentLogger,
  });
  /** A minute: three beats, and what they ask for. */
  const minute = async (): Promise<void> => {
    for (let beat = 0; beat < 3; beat += 1) visitor.beat();
    await new Promise(setImmediate);
  };
  return { visitor, closed, asked, minute };
};

describe("S4 who is at the other end of an open socket", () => {
  it("is asked again every minute, with what was said; a suspension or the end of a token ends the socket", async () => {
    const { visitor, closed, asked, minute } = createVisit([
      person,
      { ...person, role: "reader" },
      new NatterError("forbidden", "This account is suspended."),
    ]);
    await visitor.identify({ token: "token" });
    await minute();
    expect(visitor.principal?.role).toBe("reader");
    expect(closed).toEqual([]);
    await minute();
    expect(closed).toEqual([4401]);
    expect(asked).toEqual(["Bearer token", "Bearer token", "Bearer token"]);
  });

  it("stays while the database can't be reached, and ends when it is somebody else", async () => {
    const { visitor, closed, minute } = createVisit([
      new NatterError("unavailable", "later"),
      { ...person, workspaceId: "elsewhere" },
    ]);
    visitor.accept(person);
    await minute();
    expect(closed).toEqual([]);
    await minute();
    expect(closed).toEqual([4401]);
  });

  it("is not taken from a token that no header could hold", async () => {
    const { visitor } = createVisit([]);
    for (const token of ["a\r\nb: c", "ü", ""])
      await expect(visitor.identify({ token: `${token}\n` })).rejects.toMatchObject({ code: "unauthenticated" });
    expect(visitor.principal).toBeNull();
  });
});
