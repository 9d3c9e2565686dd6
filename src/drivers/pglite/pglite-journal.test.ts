import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SyncJournal } from "./pglite-journal.ts";

const nowhere = 1_000_000;

let folder: string;
let file: number;
let synced: number[];
let failures: unknown[];
let journal: SyncJournal;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "natter-journal-"));
  file = openSync(join(folder, "log"), "w");
  synced = [];
  failures = [];
  journal = new SyncJournal({
    onSync: (descriptor) => void synced.push(descriptor),
    onFailure: (cause) => void failures.push(cause),
  });
});

afterEach(() => rmSync(folder, { recursive: true }));

test("a sync is put off only between begin and end, and made good at the end", () => {
  journal.defer(file);
  expect(synced).toEqual([file]);
  journal.begin();
  journal.defer(file);
  journal.defer(file);
  expect(journal.isPending()).toBe(true);
  expect(synced).toEqual([file]);
  journal.end();
  expect(synced).toEqual([file, file]);
  expect(journal.isPending()).toBe(false);
});

test("a flush covers what was put off before it, not what comes while it runs", async () => {
  journal.begin();
  journal.defer(file);
  const flushed = journal.flush();
  journal.defer(file);
  await flushed;
  expect(synced).toEqual([file]);
  expect(journal.isPending()).toBe(true);
  await journal.flush();
  expect(journal.isPending()).toBe(false);
});

test("a file that was settled and closed while its flush waited is no failure", async () => {
  const closing = openSync(join(folder, "closing"), "w");
  journal.begin();
  journal.defer(closing);
  const flushed = journal.flush();
  journal.settle();
  closeSync(closing);
  await flushed;
  expect(synced).toContain(closing);
  expect(failures).toEqual([]);
});

test("a sync that fails is told, and never counts", async () => {
  journal.begin();
  journal.defer(nowhere);
  await journal.flush();
  journal.defer(nowhere);
  journal.settle();
  expect(failures).toMatchObject([{ code: "EBADF" }, { code: "EBADF" }]);
  expect(synced).toEqual([]);
});
