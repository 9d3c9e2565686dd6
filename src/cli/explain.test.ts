import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createPostgresDatabase } from "../drivers/postgres/postgres.ts";
import { explain } from "./explain.ts";

const thrownBy = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (thrown: unknown) => thrown,
  );

test("a data folder that can't be made is named, with the variable that names another", async () => {
  const folder = await mkdtemp(join(tmpdir(), "natter-explain-"));
  const file = join(folder, "file");
  await writeFile(file, "");
  const said = explain(await thrownBy(mkdir(join(file, "data"), { recursive: true })), "Natter can't start");
  expect(said).toBe(
    `Natter can't start: ${join(file, "data")} can't be written to (ENOTDIR); NATTER_DATA_DIR names a folder that can`,
  );
  await rm(folder, { recursive: true });
});

test("a taken port is named, with the variable for another", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const again = createServer().listen((taken.address() as AddressInfo).port, "127.0.0.1");
  const [error] = await once(again, "error");
  expect(explain(error)).toMatch(/EADDRINUSE: .* 127\.0\.0\.1:\d+; set PORT to a free one$/);
  taken.close();
});

test("a database that can't be reached is told with what the system says, and without its password", async () => {
  const database = createPostgresDatabase({ url: "postgres://me:hidden-word@127.0.0.1:1/chat" });
  const said = explain(await thrownBy(database.query({ text: "select 1", values: [] })), "Natter can't start");
  expect(said).toContain("is DATABASE_URL right? (connect ECONNREFUSED 127.0.0.1:1)");
  expect(said).not.toContain("hidden-word");
  await database.close();
});
