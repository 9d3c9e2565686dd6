import { parseArgs } from "node:util";
import { NatterError } from "../foundation/errors.ts";
import { migrate as migrateDatabase } from "../store/migrate.ts";
import { readAddress } from "./address-file.ts";
import type { RunCommand } from "./command.ts";
import { readConfig } from "./config-file.ts";
import { openDatabase } from "./open-database.ts";

/** Brings the database to this version. */
export const migrate: RunCommand = async (args) => {
  parseArgs({ args: [...args], options: {} });
  const config = await readConfig();
  const database = await openDatabase(config).catch(async (thrown: unknown) => {
    const isTaken = thrown instanceof NatterError && thrown.code === "unavailable";
    const server = isTaken ? await readAddress(config.stores.dataDirectory) : null;
    if (server === null) throw thrown;
    console.log(`The server at ${server.url} has this database open; it brought it to its version when it started.`);
    return null;
  });
  if (database === null) return 0;
  try {
    const applied = await migrateDatabase(database);
    for (const name of applied) console.log(`applied ${name}`);
    if (applied.length === 0) console.log("The database is up to date.");
  } finally {
    await database.close();
  }
  return 0;
};
