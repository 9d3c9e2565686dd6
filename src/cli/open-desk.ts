import type { ResolvedConfig } from "../config/load-config.ts";
import { NatterError } from "../foundation/errors.ts";
import type { Database } from "../ports/database.ts";
import { migrate } from "../store/migrate.ts";
import { readAddress } from "./address-file.ts";
import { openDatabase } from "./open-database.ts";

/** Where a command's work is done. */
export interface DeskPlaces<Desk> {
  /** On the database itself, which the desk closes. */
  readonly onDatabase: (database: Database) => Promise<Desk>;
  /** By the server at `url`, which has the database open. */
  readonly onServer: (url: string, dataDirectory: string) => Desk | Promise<Desk>;
}

const openOrFindServer = async (config: ResolvedConfig): Promise<Database | { readonly url: string }> => {
  const { dataDirectory, databaseUrl } = config.stores;
  try {
    return await openDatabase(config);
  } catch (thrown) {
    const isTaken = databaseUrl === undefined && thrown instanceof NatterError && thrown.code === "unavailable";
    const server = isTaken ? await readAddress(dataDirectory) : null;
    if (server === null) throw thrown;
    return server;
  }
};

/** Opens a desk on the migrated database, or on the server that holds its lock. */
export const openDesk = async <Desk>(config: ResolvedConfig, places: DeskPlaces<Desk>): Promise<Desk> => {
  const found = await openOrFindServer(config);
  if ("url" in found) return places.onServer(found.url, config.stores.dataDirectory);
  try {
    await migrate(found);
    return await places.onDatabase(found);
  } catch (thrown) {
    await found.close();
    throw thrown;
  }
};
