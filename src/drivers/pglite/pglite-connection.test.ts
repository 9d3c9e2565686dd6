import sql from "sql-template-tag";
import { beforeEach, describe, expect, test } from "vitest";
import { PgliteConnection } from "./pglite-connection.ts";
import { durableBytes } from "./pglite-outbox.ts";

const message = (type: string, body: Buffer): Buffer => {
  const header = Buffer.alloc(5);
  header.write(type);
  header.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([header, body]);
};

const answer = (status: "I" | "T"): Buffer => message("Z", Buffer.from(status));

const withDurable = (durable: number, ...answers: readonly Buffer[]): Buffer => {
  const footer = Buffer.alloc(durableBytes);
  footer.writeDoubleBE(durable);
  return Buffer.concat([...answers, footer]);
};

describe("the connection to PGlite's thread", () => {
  let connection: PgliteConnection;
  let receive: (answers: Buffer) => void;
  let end: (cause: unknown) => void;
  let sent: Uint8Array[];
  let settled: string[];

  beforeEach(() => {
    sent = [];
    settled = [];
    connection = new PgliteConnection({
      send: (requests) => void sent.push(requests),
      onAnswers: (listener) => {
        receive = listener;
      },
      onEnd: (listener) => {
        end = listener;
      },
      close: async () => {},
    });
  });

  const follow = (name: string, work: Promise<unknown>): void =>
    void work.then(
      () => settled.push(name),
      (error: { code?: string }) => settled.push(`${name}: ${error.code}`),
    );
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  test("sends what is asked in one turn as one message, and BEGIN with the statement behind it", async () => {
    follow("begin", connection.begin());
    await turn();
    expect(sent).toHaveLength(0);
    follow("first", connection.query(sql`select 1`));
    follow("second", connection.query(sql`select 2`));
    await turn();
    expect(sent).toHaveLength(1);
    expect(Buffer.from(sent[0]!).toString("latin1")).toMatch(/^Q.*begin.*select 1.*select 2/s);
  });

  test("tells of an end of a transaction only when it is durable, and of statements inside one at once", async () => {
    follow("commit", connection.end("commit"));
    follow("next begin", connection.begin());
    follow("statement", connection.query(sql`select 1`));
    await turn();
    receive(withDurable(0, answer("I"), answer("T"), answer("T")));
    await turn();
    expect(settled).toEqual(["next begin", "statement"]);
    receive(withDurable(1));
    await turn();
    expect(settled).toEqual(["next begin", "statement", "commit"]);
  });

  test("rejects what waits, is held or comes later when the thread has ended", async () => {
    follow("held", connection.end("commit"));
    follow("waiting", connection.query(sql`select 1`));
    await turn();
    receive(withDurable(0, answer("I")));
    end(new Error("out of memory"));
    await turn();
    expect(settled).toEqual(["held: unavailable", "waiting: unavailable"]);
    await expect(connection.query(sql`select 1`)).rejects.toMatchObject({
      code: "unavailable",
      cause: { message: "out of memory" },
    });
    expect(connection.session()).toBe(null);
  });
});
