import { Agent, request as ask } from "node:http";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { NatterError } from "../../src/foundation/errors.ts";
import type { Database } from "../../src/ports/database.ts";
import { testDatabases } from "../../src/testing/databases/test-databases.ts";
import { answerOf, createFileWorld, type FileWorld, type FileWorldOptions } from "./file-world.ts";

const text = (bytes: number): Buffer => Buffer.alloc(bytes, "a");
const isAnswered = (said: string): boolean => /^HTTP\/1\.1 \d{3}[^]*\r\n\r\n/.test(said);

describe.each(testDatabases)("F26 uploads that break, on $name", ({ open }) => {
  let database: Database;
  let world: FileWorld;

  const begin = async (options: Omit<FileWorldOptions, "database"> = {}): Promise<void> => {
    world = await createFileWorld({ database, ...options });
  };
  beforeEach(async () => {
    database = await open();
  });
  afterEach(async () => {
    await world.close();
    await database.close();
  });

  /** One request with a body that may end anywhere, on a connection of its own. */
  const send = async (pieces: readonly (string | Buffer)[], isCut: boolean): Promise<void> => {
    const socket = await world.open();
    for (const piece of pieces) await new Promise<void>((resolve) => socket.write(piece, () => resolve()));
    if (isCut) socket.destroy();
    else await answerOf(socket, isAnswered);
    socket.destroy();
  };

  test("cut off after any byte, of their head or body, with a length or in chunks, leave rows and files alike", async () => {
    await begin();
    const whole = 60_000;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ cut: fc.double({ min: 0, max: 1, noNaN: true }), isChunked: fc.boolean() }), {
          minLength: 3,
          maxLength: 6,
        }),
        async (cuts) => {
          await Promise.all(
            cuts.map(({ cut, isChunked }) => {
              const head = world.head(isChunked ? { "transfer-encoding": "chunked" } : { "content-length": whole });
              const body = isChunked
                ? Buffer.concat([Buffer.from(`${whole.toString(16)}\r\n`), text(whole), Buffer.from("\r\n0\r\n\r\n")])
                : text(whole);
              const bytes = Buffer.concat([Buffer.from(head), body]);
              return send([bytes.subarray(0, Math.ceil(cut * bytes.length))], true);
            }),
          );
          await world.settled();
        },
      ),
      { numRuns: 15, endOnFailure: true },
    );
    expect((await world.upload(text(whole))).status).toBe(201);
    expect((await world.settled()).length).toBeGreaterThan(0);
  });

  test("that say another length than they have are refused, or end where they said they would", async () => {
    await begin();
    await send([world.head({ "content-length": 90_000 }), text(10), ""], true);
    expect(await world.settled()).toEqual([]);
    const longer = await world.open();
    longer.write(`${world.head({ "content-length": 10 })}${"a".repeat(10)}GARBAGE / NOTHING\r\n\r\n`);
    expect(await answerOf(longer, isAnswered)).toMatch(/^HTTP\/1\.1 (201|400) /);
    longer.destroy();
    const kept = (await world.settled()).length;
    expect(kept).toBeLessThanOrEqual(1);
    for (const headers of [
      { "content-length": 10, "transfer-encoding": "chunked" },
      { "content-length": "-1" },
      { "content-length": "10, 20" },
      { "content-length": "1e3" },
    ]) {
      const socket = await world.open();
      socket.write(`${world.head(headers)}${"a".repeat(10)}`);
      expect(await answerOf(socket, isAnswered)).toMatch(/^HTTP\/1\.1 400 |^$/);
      socket.destroy();
    }
    expect(await world.settled()).toHaveLength(kept);
  });

  test("S36 that drip are 408, and nothing of them stays", async () => {
    await begin({ limits: { bodyMs: 300 } });
    const socket = await world.open();
    socket.write(world.head({ "transfer-encoding": "chunked" }));
    const drip = setInterval(() => socket.write("1\r\na\r\n"), 50);
    try {
      expect(await answerOf(socket, isAnswered)).toMatch(/^HTTP\/1\.1 408 /);
    } finally {
      clearInterval(drip);
      socket.destroy();
    }
    expect(await world.settled()).toEqual([]);
  });

  test("S36 that are a byte too large are 413, in chunks as well, and compressed ones 415", async () => {
    await begin();
    expect((await world.upload(text(100_000))).status).toBe(201);
    expect((await world.upload(text(100_001))).status).toBe(413);
    const socket = await world.open();
    socket.write(`${world.head({ "transfer-encoding": "chunked" })}186a1\r\n`);
    socket.write(text(100_001));
    expect(await answerOf(socket, isAnswered)).toMatch(/^HTTP\/1\.1 413 /);
    socket.destroy();
    for (const encoding of ["gzip", "deflate", "br", "identity, gzip"]) {
      const packed = await world.open();
      packed.write(`${world.head({ "content-length": 10, "content-encoding": encoding })}${"a".repeat(10)}`);
      expect(await answerOf(packed, isAnswered)).toMatch(/^HTTP\/1\.1 415 /);
      packed.destroy();
    }
    expect(await world.settled()).toHaveLength(1);
  });

  const early: readonly (readonly [string, Omit<FileWorldOptions, "database">, number])[] = [
    ["files are turned off", { storage: { takesFiles: false, uploadBytes: 20_000_000 } }, 403],
    ["the quota is used up", { storage: { bytesPerUser: 1, uploadBytes: 20_000_000 } }, 507],
    ["it is too large", { storage: { uploadBytes: 1_024 } }, 413],
    [
      "the disk is full",
      {
        storage: { uploadBytes: 20_000_000 },
        blobs: (own) => ({
          ...own,
          put: () => Promise.reject(new NatterError("insufficient_storage", "There is no room.")),
        }),
      },
      507,
    ],
  ];

  test.each(early)(
    "are answered while they still come, because %s, and the next request on their connection is as well",
    async (_why, options, status) => {
      await begin(options);
      if (status === 507 && options.storage?.bytesPerUser === 1) await world.upload(text(1));
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const one = (method: string, path: string, body: Buffer): Promise<number> =>
        new Promise((resolve, reject) => {
          const headers = {
            authorization: `Bearer ${world.token}`,
            "content-type": "text/plain",
            "content-length": body.length,
          };
          const asked = ask(`${world.origin}${path}`, { method, agent, headers }, (response) => {
            response.resume().on("end", () => resolve(response.statusCode ?? 0));
          });
          // a connection that the server ends may break while we still write: then nothing was heard
          asked.on("error", reject);
          asked.end(body);
        });
      expect(await one("POST", "/v1/attachments", text(15_000_000))).toBe(status);
      expect(await one("GET", "/healthz", Buffer.alloc(0))).toBe(200);
      agent.destroy();
      expect(await world.settled()).toHaveLength(options.storage?.bytesPerUser === 1 ? 1 : 0);
    },
  );

  test("S44 that come all at once are looked at a few at a time: many large files do not fill the memory", async () => {
    let [open_, most] = [0, 0];
    await begin({
      blobs: (own) => ({
        ...own,
        get: async (key, range) => {
          const blob = await own.get(key, range);
          if (blob === null) return null;
          return {
            ...blob,
            content: (async function* () {
              open_ += 1;
              most = Math.max(most, open_);
              try {
                yield* blob.content;
              } finally {
                open_ -= 1;
              }
            })(),
          };
        },
      }),
    });
    const wrong = { type: "image/png" };
    const statuses = await Promise.all(
      Array.from(
        { length: 24 },
        async (_none, index) => (await world.upload(text(90_000), index % 3 === 0 ? wrong : {})).status,
      ),
    );
    expect(statuses.filter((status) => status === 201)).toHaveLength(16);
    expect(statuses.filter((status) => status === 415)).toHaveLength(8);
    expect(most).toBeLessThanOrEqual(4);
    expect(await world.settled()).toHaveLength(16);
  });

  test("whose row was stored by a commit that nobody heard of keep their file", async () => {
    let isLost = true;
    await begin({
      changeDatabase: (own) => ({
        ...own,
        query: own.query.bind(own),
        transaction: async (work) => {
          const result = await own.transaction(work);
          if (!isLost) return result;
          isLost = false;
          throw new NatterError("unavailable", "The connection was lost.");
        },
      }),
    });
    expect((await world.upload(text(10))).status).toBe(503);
    expect(await world.settled()).toHaveLength(1);
    expect((await world.upload(text(10))).status).toBe(201);
    expect(await world.settled()).toHaveLength(2);
  });
});
