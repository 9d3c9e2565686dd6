import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import sql from "sql-template-tag";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createPgliteDatabase } from "./pglite.ts";

const script = fileURLToPath(new URL("../../testing/acknowledging-writer.ts", import.meta.url));
const kills = Number(process.env["NATTER_TEST_KILLS"] ?? 5);

interface Writer {
  readonly process: ChildProcess;
  readonly acknowledged: number[];
  /** Resolves when it writes; rejects with what it printed when it could not begin. */
  readonly ready: Promise<void>;
  /** Resolves when two rows were acknowledged, or it has ended. */
  readonly hasWritten: Promise<void>;
}

const startWriter = (folder: string): Writer => {
  const child = spawn(process.execPath, [script, folder], { stdio: ["ignore", "pipe", "pipe"] });
  const acknowledged: number[] = [];
  const ready = Promise.withResolvers<void>();
  const written = Promise.withResolvers<void>();
  createInterface(child.stdout).on("line", (line) => {
    if (line === "ready") ready.resolve();
    else acknowledged.push(Number(line));
    if (acknowledged.length === 2) written.resolve();
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  child.once("close", () => {
    ready.reject(new Error(errors));
    written.resolve();
  });
  return { process: child, acknowledged, ready: ready.promise, hasWritten: written.promise };
};

const kill = async ({ process: child }: Writer): Promise<void> => {
  const closed = once(child, "close");
  child.kill("SIGKILL");
  await closed;
};

const passed = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe("processes on one folder", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "natter-processes-"));
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  test(
    `N1 killed ${kills} times while they write lose nothing that was acknowledged`,
    async () => {
      const acknowledged: number[] = [];
      for (let round = 0; round < kills; round += 1) {
        const writer = startWriter(folder);
        await writer.ready;
        await writer.hasWritten;
        await passed(Math.random() * 300);
        await kill(writer);
        acknowledged.push(...writer.acknowledged);
      }
      const database = await createPgliteDatabase({ directory: folder });
      const stored = new Set((await database.query<{ id: number }>(sql`select id from written`)).map(({ id }) => id));
      await database.close();
      expect(acknowledged.length).toBeGreaterThan(kills);
      expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
    },
    30_000 + 5_000 * kills,
  );

  test("are refused while another has it, with a word on DATABASE_URL, and let in when that one is killed", async () => {
    const owner = startWriter(folder);
    await owner.ready;
    const second = startWriter(folder);
    await expect(second.ready).rejects.toThrow(
      /Another Natter uses the folder .* \(process \d+, started .*DATABASE_URL/,
    );
    await expect(createPgliteDatabase({ directory: folder })).rejects.toMatchObject({ code: "unavailable" });
    await kill(owner);
    const database = await createPgliteDatabase({ directory: folder });
    expect(await database.query(sql`select 1 as one`)).toEqual([{ one: 1 }]);
    await database.close();
  });

  test("that start together on it, dead owner or none, leave exactly one", async () => {
    for (const round of ["no owner", "a dead owner"]) {
      const starters = Array.from({ length: 5 }, () => startWriter(folder));
      const outcomes = await Promise.allSettled(starters.map(({ ready }) => ready));
      expect({ round, winners: outcomes.filter(({ status }) => status === "fulfilled").length }).toEqual({
        round,
        winners: 1,
      });
      await Promise.all(starters.filter((_, index) => outcomes[index]?.status === "fulfilled").map(kill));
    }
  }, 60_000);
});
