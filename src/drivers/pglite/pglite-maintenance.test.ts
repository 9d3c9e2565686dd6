import sql from "sql-template-tag";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { fail, openPgliteInThread } from "../../testing/databases/pglite-in-thread.ts";
import type { Answer } from "./pglite-answer.ts";
import { MemoryFiles } from "./pglite-files.ts";
import { SyncJournal } from "./pglite-journal.ts";
import { startMaintenance } from "./pglite-maintenance.ts";
import { volatileSettings } from "./pglite-server.ts";
import { loadTemplate } from "./pglite-template.ts";

const tick = 2_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] }));
afterEach(() => void vi.useRealTimers());

const answer = (rows: readonly Record<string, unknown>[] = [], error: Error | null = null): Answer => ({
  columns: null,
  rows,
  error,
  isInTransaction: false,
});

describe("the upkeep of PGlite", () => {
  let statements: string[];
  let activity: { executed: number; isInTransaction: boolean };
  let neglected: string[];

  const start = (ask: (statement: string) => Answer) => {
    statements = [];
    neglected = [];
    activity = { executed: 0, isInTransaction: false };
    return startMaintenance({
      ask: (statement) => {
        statements.push(statement.trim().slice(0, 6));
        return ask(statement);
      },
      activity: () => activity,
      onFailure: (cause, statement) => neglected.push(`${statement}: ${String(cause)}`),
    });
  };

  test("leaves a database alone that nothing was asked of", () => {
    start(() => answer());
    vi.advanceTimersByTime(10 * tick);
    expect(statements).toEqual([]);
  });

  test("waits until a busy database is idle, and does not wait for ever", () => {
    start(() => answer());
    for (let busy = 0; busy < 15; busy += 1) {
      activity.executed += 100;
      vi.advanceTimersByTime(tick);
    }
    expect(statements).toEqual([]);
    vi.advanceTimersByTime(tick);
    expect(statements).toHaveLength(2);
    activity.executed += 2_000;
    vi.advanceTimersByTime(tick);
    expect(statements).toHaveLength(4);
  });

  test("keeps out of an open transaction", () => {
    start(() => answer());
    activity.executed = 50_000;
    activity.isInTransaction = true;
    vi.advanceTimersByTime(10 * tick);
    expect(statements).toEqual([]);
  });

  test("tells what failed and goes on", () => {
    start((statement) =>
      statement.startsWith("vacuum") ? answer([], new Error("no room")) : answer([{ name: "message" }]),
    );
    activity.executed = 1_000;
    vi.advanceTimersByTime(3 * tick);
    expect(neglected).toEqual(Array.from({ length: 2 }, () => "vacuum (analyze) message: Error: no room"));
  });

  test("vacuums and analyses what has changed much, and cuts a long log", async () => {
    const journal = new SyncJournal({ onSync: () => {}, onFailure: fail });
    const files = new MemoryFiles(await loadTemplate());
    const connection = await openPgliteInThread({ files, settings: volatileSettings, journal });
    await connection.script("create table busy (id integer primary key, n integer); insert into busy values (1, 0)");
    await connection.script("create table bulk (text text storage plain)");
    for (let n = 0; n < 3_000; n += 1) await connection.query(sql`update busy set n = ${n} where id = 1`);
    await connection.query(sql`insert into bulk select repeat('x', 7000) from generate_series(1, 10000)`);
    const logged = async (): Promise<number> => {
      const [row] = await connection.query<{ bytes: number }>(
        sql`select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn)::int8 as bytes from pg_control_checkpoint()`,
      );
      return row!.bytes;
    };
    expect(await logged()).toBeGreaterThan(64 * 1024 * 1024);
    for (let round = 0; round < 5; round += 1) {
      vi.advanceTimersByTime(tick);
      // PostgreSQL tells its statistics once a second at most
      await connection.query(sql`select pg_stat_force_next_flush()`);
      vi.advanceTimersByTime(tick);
    }
    const tables = await connection.query(
      sql`select relname, last_vacuum is not null as vacuumed, last_analyze is not null as analysed, n_dead_tup < 100 as tidy
        from pg_stat_user_tables order by relname`,
    );
    expect(tables).toEqual([
      { relname: "bulk", vacuumed: true, analysed: true, tidy: true },
      { relname: "busy", vacuumed: true, analysed: true, tidy: true },
    ]);
    expect(await logged()).toBeLessThan(64 * 1024 * 1024);
    await connection.close();
  });
});
