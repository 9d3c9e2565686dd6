import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sql from "sql-template-tag";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FailingPower } from "../../testing/databases/failing-power.ts";
import { fail, openPgliteInThread } from "../../testing/databases/pglite-in-thread.ts";
import { DurableFiles } from "./pglite-files.ts";
import { SyncJournal } from "./pglite-journal.ts";
import { durableSettings } from "./pglite-server.ts";
import { loadTemplate, unpackTemplate } from "./pglite-template.ts";
import type { SqlConnection } from "../sql/sql-connection.ts";

const maximumCuts = 8;

// So small a cache writes tables to the disk all the time, between the commits.
const settings = [...durableSettings, "shared_buffers=256kB"];

const openPlain = (folder: string): Promise<SqlConnection> => {
  const journal = new SyncJournal({ onSync: () => {}, onFailure: fail });
  return openPgliteInThread({ files: new DurableFiles(folder, journal), settings, journal });
};

// mulberry32
const random = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
};

interface Cut {
  readonly folder: string;
  readonly acknowledged: readonly number[];
}

const inserts = (connection: SqlConnection, id: number, size: number) =>
  connection.query(
    sql`with t as (update total set n = n + 1) insert into item values (${id}, repeat('x', ${size}::int))`,
  );

/** Writes rows, several at once, and cuts the power of a copy at random moments. */
const writeAndCut = async (folder: string, rows: number, next: () => number) => {
  const data = join(folder, "data");
  await unpackTemplate(await loadTemplate(), data);
  const journal = new SyncJournal({ onSync: (descriptor) => disk.synced(descriptor), onFailure: fail });
  const disk = new FailingPower(data, journal);
  const connection = await openPgliteInThread({ files: disk, settings, journal });
  await connection.script(`
    create table item (id integer primary key, text text storage plain, touched integer);
    create table total (n integer);
    create table filler (id integer)`);
  await connection.query(sql`insert into total values (0)`);

  const cuts: Cut[] = [];
  const acknowledged: number[] = [];
  let untilCut = 100;
  const mayCut = (): void => {
    untilCut -= 1;
    if (untilCut > 0 || cuts.length === maximumCuts) return;
    untilCut = next() * 200;
    cuts.push({ folder: join(folder, `cut-${cuts.length}`), acknowledged: [...acknowledged] });
    disk.cut(cuts.at(-1)!.folder, next);
  };
  disk.onWrite = mayCut;
  const write = async (from: number): Promise<void> => {
    for (let id = from; id < rows; id += 6) {
      await inserts(connection, id, Math.floor(next() * 3_000));
      acknowledged.push(id);
      if (next() < 0.1) untilCut = 0;
      mayCut();
    }
  };
  await Promise.all(Array.from({ length: 6 }, (_, from) => write(from)));
  await connection.close();
  return { cuts, disk };
};

describe("a power cut", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "natter-power-"));
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  test("N1 loses nothing that was acknowledged and brings nothing half-done to light, whenever it comes", async () => {
    const { cuts, disk } = await writeAndCut(folder, 600, random(7));
    expect(cuts.length).toBe(maximumCuts);
    expect(disk.hurried).toBeGreaterThan(0);
    expect(disk.overtaking).toBe(0);
    for (const cut of cuts) {
      const survivor = await openPlain(cut.folder);
      // A page that outran its log comes to light when the transaction ids that the log lost are given out again.
      for (let id = 0; id < 40; id += 1) await survivor.query(sql`insert into filler values (${id})`);
      const stored = await survivor.query<{ id: number }>(sql`select id from item`);
      const ids = new Set(stored.map(({ id }) => id));
      expect(cut.acknowledged.filter((id) => !ids.has(id))).toEqual([]);
      expect(await survivor.query(sql`select n from total`)).toEqual([{ n: stored.length }]);
      await survivor.script("update item set text = text || 'y'; checkpoint");
      await survivor.script("vacuum item");
      await survivor.close();
    }
  }, 120_000);
});
