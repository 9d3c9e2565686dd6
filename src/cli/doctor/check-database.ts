import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import sql from "sql-template-tag";
import type { ResolvedConfig } from "../../config/load-config.ts";
import { NatterError } from "../../foundation/errors.ts";
import { hasLiveKey } from "../../people/keys.ts";
import { hasAccountRow } from "../../store/identity/account-tables.ts";
import type { Database } from "../../ports/database.ts";
import { listPending } from "../../store/migrate.ts";
import { readAddress } from "../address-file.ts";
import { openDatabase } from "../open-database.ts";
import { finding, within, type Check, type Finding } from "./finding.ts";

const oldest = 150_000;
const patience = 8_000;

const describeVersion = async (database: Database): Promise<{ version: number; text: string }> => {
  const [row] = await database.query<{ version: number; text: string }>(
    sql`select current_setting('server_version_num')::int as version, current_setting('server_version') as text`,
  );
  return row ?? { version: 0, text: "of unknown version" };
};

const missingKey: Finding = finding(
  "bad",
  "keys",
  "none yet, and other machines could reach this server",
  "natter key create --name <name>, natter user create --email <address> with NATTER_ACCOUNTS, or set NATTER_JWT_SECRET or NATTER_OIDC_ISSUER",
);

/** Whether anybody can say who they are. */
const isKnowable = async (database: Database, { accounts }: ResolvedConfig): Promise<boolean> =>
  (await hasLiveKey(database)) || (accounts !== undefined && (await hasAccountRow(database)));

const describeSchema = async (database: Database, config: ResolvedConfig): Promise<readonly Finding[]> => {
  const pending = await listPending(database);
  const isReady = pending.length === 0;
  const schema = isReady
    ? finding("ok", "schema", "up to date")
    : finding("note", "schema", `${pending.length} migrations to apply`, 'the next start does, or "natter migrate"');
  return config.needsKey && !(isReady && (await isKnowable(database, config))) ? [schema, missingKey] : [schema];
};

const placeOf = (url: string): string => {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}${port === "" ? "" : `:${port}`}${pathname}`;
};

const checkServer = async (config: ResolvedConfig, url: string): Promise<readonly Finding[]> => {
  const database = await openDatabase(config);
  const where = `PostgreSQL at ${placeOf(url)}`;
  try {
    const { version, text } = await within(patience, describeVersion(database));
    if (version < oldest) return [finding("bad", "database", `${where} is ${text}`, "use PostgreSQL 15 or newer")];
    return [
      finding("ok", "database", `${where}, ${text}`),
      ...(await within(patience, describeSchema(database, config))),
    ];
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    return [finding("bad", "database", `${where}: ${why}`, "check DATABASE_URL and that its server runs")];
  } finally {
    await within(patience, database.close()).catch(() => finding("note", "database", "its connection did not close"));
  }
};

const describeTaken = async (folder: string, thrown: unknown): Promise<readonly Finding[]> => {
  const isTaken = thrown instanceof NatterError && thrown.code === "unavailable";
  const server = isTaken ? await readAddress(folder) : null;
  if (server !== null) return [finding("ok", "database", `in use by the server at ${server.url}`)];
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  return [finding("bad", "database", why)];
};

const checkEmbedded = async (config: ResolvedConfig): Promise<readonly Finding[]> => {
  const folder = resolve(config.stores.dataDirectory);
  if (!existsSync(join(folder, "database")))
    return [
      finding("ok", "database", "PGlite in the data folder, made at the first start"),
      ...(config.needsKey ? [missingKey] : []),
    ];
  let database: Database;
  try {
    database = await openDatabase(config);
  } catch (thrown) {
    return describeTaken(folder, thrown);
  }
  try {
    const { text } = await describeVersion(database);
    return [
      finding("ok", "database", `PGlite in the data folder, ${text}`),
      ...(await describeSchema(database, config)),
    ];
  } finally {
    await database.close();
  }
};

/** Whether the database answers, is new enough, and has this version's tables. */
export const checkDatabase: Check = (config) =>
  config.stores.databaseUrl === undefined ? checkEmbedded(config) : checkServer(config, config.stores.databaseUrl);
