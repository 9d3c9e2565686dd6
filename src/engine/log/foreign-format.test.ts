import sql from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest";
import { createPostgresLog } from "../../drivers/log-postgres/log-postgres.ts";
import { createPostgresDatabase } from "../../drivers/postgres/postgres.ts";
import { silentLogger } from "../../foundation/logger.ts";
import type { ChunkLog } from "../../ports/chunk-log.ts";
import type { Database } from "../../ports/database.ts";
import { isOwnFormat, logFormat } from "../../protocol/message/log-format.ts";
import { migrate } from "../../store/migrate.ts";
import { createHeldModel } from "../../testing/providers/held-model.ts";
import { until } from "../../testing/spine.ts";
import { createTestDatabase } from "../../testing/databases/test-database.ts";
import { createWeb, readStream, spokenText, tokenFor, type Web } from "../../testing/servers/web.ts";

const postgresUrl = inject("postgresUrl");
const newer = logFormat + 1;

describe.skipIf(postgresUrl === null)("F22 a log that a newer version writes", () => {
  let database: Database;
  let log: ChunkLog;
  let web: Web;
  let token: string;
  const held = createHeldModel();
  beforeAll(async () => {
    const url = await createTestDatabase(postgresUrl!);
    database = createPostgresDatabase({ url });
    await migrate(database);
    log = createPostgresLog({ url, retentionSeconds: 60 });
    web = await createWeb({ database, log, model: held.model });
    token = await tokenFor();
  });
  afterAll(async () => {
    held.releaseAll();
    await web.close();
    await database.close();
  });

  const start = async (words: string): Promise<string> => {
    const { id } = (await (await web.ask("/v1/conversations", { token, body: {} })).json()) as { id: string };
    const body = { message: { text: words } };
    const started = await web.ask(`/v1/conversations/${id}/completions`, { token, body });
    return ((await started.json()) as { completionId: string }).completionId;
  };
  const makeForeign = (id: string) =>
    database.query(sql`update chunk_log set epoch = ${`v${newer}xabcdefghij`} where id = ${id}`);
  const textOf = async (id: string): Promise<string> =>
    spokenText((await readStream(await web.ask(`/v1/completions/${id}/events`, { token }))).chunks);

  test("is neither read nor added to by a worker: it says so, and the answer goes on from its rows in a new log", async () => {
    const first = web.spine.worker();
    await first.start();
    const id = await start("hold-takeover");
    await until(async () => ((await log.read(id, 0, 1))?.last ?? 0) > 2);
    await first.drain(0);
    await makeForeign(id);
    const error = vi.fn();
    const second = web.spine.worker({ logger: { ...silentLogger, error } });
    held.release("hold-takeover");
    await second.start();
    await until(async () => (await log.read(id, 0, 1))?.ended === true);
    expect(error).toHaveBeenCalledWith(
      expect.objectContaining({ completionId: id, format: newer, own: logFormat }),
      expect.stringContaining("another version is refused"),
    );
    expect(isOwnFormat((await log.read(id, 0, 1))?.epoch ?? "")).toBe(true);
    expect(await textOf(id)).toBe("one two");
    await second.drain(1);
  });

  test("is shown to nobody: who comes gets 503, who waits for it is told to come back", async () => {
    const id = await start("hello");
    const waiting = await web.ask(`/v1/completions/${id}/events`, { token });
    await database.query(sql`
      insert into chunk_log (id, epoch, fence, expires_at) values (${id}, ${`v${newer}xabcdefghij`}, 1, now() + interval '1 hour')`);
    const refused = await web.ask(`/v1/completions/${id}/events`, { token });
    expect(refused.status).toBe(503);
    expect(refused.headers.get("retry-after")).toBe("5");
    expect(await refused.json()).toMatchObject({ code: "unavailable", detail: expect.stringContaining("format 2") });
    await log.append(id, 1, {
      first: 1,
      last: 1,
      frames: Buffer.from("id: v2xabcdefghij.1\ndata: {}\n\n"),
      ends: false,
    });
    expect(await readStream(waiting)).toMatchObject({
      isDone: false,
      retry: expect.any(Number),
      chunks: [{ type: "start" }],
    });
  });

  test("that has no ending is told anew from the row", async () => {
    const worker = web.spine.worker();
    await worker.start();
    const id = await start("done");
    await until(async () => (await log.read(id, 0, 1))?.ended === true);
    await worker.drain(1);
    await makeForeign(id);
    await database.query(sql`update chunk_log set ended = false where id = ${id}`);
    await database.query(
      sql`update completion set log_closed = false, finished_at = now() - interval '2 seconds' where id = ${id}`,
    );
    const sweeper = web.spine.worker();
    await sweeper.start();
    await until(async () => (await log.read(id, 0, 1))?.ended === true);
    expect(await textOf(id)).toBe("one two");
    await sweeper.drain(1);
  });
});
