import { readdir, readFile } from "node:fs/promises";
import type { Database } from "../ports/database.ts";

const folder = new URL("migrations/", import.meta.url);

/** Brings the database to this code's schema. */
export const migrate = async (database: Database): Promise<void> => {
  const files = (await readdir(folder)).filter((name) => name.endsWith(".sql")).toSorted();
  await database.exclusive("migrations", async () => {
    for (const name of files) await database.script(await readFile(new URL(name, folder), "utf8"));
  });
};
