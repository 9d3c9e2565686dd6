import postgres from "postgres";
import { describe, expect, inject, test, vi } from "vitest";
import { silentLogger } from "../../foundation/logger.ts";
import { startPostgres } from "../../testing/servers/postgres-server.ts";
import { signalsConformance } from "../../testing/conformance/signals-conformance.ts";
import { createTestDatabase } from "../../testing/databases/test-database.ts";
import { createPostgresSignals } from "./signals-postgres.ts";

const postgresUrl = inject("postgresUrl") ?? "";

describe.skipIf(postgresUrl === "")("over PostgreSQL", () => {
  signalsConformance("createPostgresSignals", async () => {
    const url = await createTestDatabase(postgresUrl);
    return [createPostgresSignals({ url }), createPostgresSignals({ url })];
  });

  test("sends what is published in one turn of the event loop as one statement", async () => {
    const url = await createTestDatabase(postgresUrl);
    const admin = postgres(url, { max: 1 });
    const committed = async (): Promise<number> => {
      const [row] = await admin`select xact_commit from pg_stat_database where datname = current_database()`;
      return Number(row?.["xact_commit"]);
    };
    const here = createPostgresSignals({ url });
    const there = createPostgresSignals({ url });
    const heard: string[] = [];
    await there.subscribe("work", (payload) => heard.push(payload));
    const before = await committed();
    for (let index = 0; index < 500; index += 1) here.publish("work", String(index));
    await expect.poll(() => heard.length).toBe(500);
    await here.close();
    await expect.poll(committed).toBeGreaterThan(before);
    expect((await committed()) - before).toBeLessThan(50);
    await Promise.all([there.close(), admin.end()]);
  });

  test("drops a signal that PostgreSQL can't carry, and none of those beside it", async () => {
    const url = await createTestDatabase(postgresUrl);
    const warn = vi.fn();
    const here = createPostgresSignals({ url, logger: { ...silentLogger, warn } });
    const there = createPostgresSignals({ url });
    const heard: string[] = [];
    await there.subscribe("hint", (payload) => heard.push(payload));
    for (const payload of ["a", "x".repeat(9_000), "nul \0", "b"]) here.publish("hint", payload);
    await expect.poll(() => heard).toEqual(["a", "b"]);
    expect(warn).toHaveBeenCalledTimes(2);
    await Promise.all([here.close(), there.close()]);
  });

  test("goes on hearing after its connections are terminated", async () => {
    const url = await createTestDatabase(postgresUrl);
    const admin = postgres(url, { max: 1 });
    const here = createPostgresSignals({ url });
    const there = createPostgresSignals({ url });
    const heard: string[] = [];
    await there.subscribe("work", (payload) => heard.push(payload));
    await admin`select pg_terminate_backend(pid) from pg_stat_activity
      where pid <> pg_backend_pid() and datname = current_database()`;
    await expect
      .poll(() => {
        here.publish("work", "again");
        return heard;
      })
      .toContain("again");
    await Promise.all([here.close(), there.close(), admin.end()]);
  });

  test("without PostgreSQL publishing only logs, subscribing rejects with unavailable, and closing ends", async () => {
    const server = await startPostgres();
    const warn = vi.fn();
    const signals = createPostgresSignals({ url: server.url, logger: { ...silentLogger, warn } });
    const heard: string[] = [];
    await signals.subscribe("work", (payload) => heard.push(payload));
    await server.stop();
    signals.publish("work", "a");
    expect(heard).toEqual(["a"]);
    await expect.poll(() => warn.mock.calls.length).toBeGreaterThan(0);
    await expect(signals.subscribe("cancel", () => {})).rejects.toMatchObject({ code: "unavailable" });
    await signals.close();
  });
});
