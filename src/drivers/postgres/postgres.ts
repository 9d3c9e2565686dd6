import { createHash } from "node:crypto";
import type { Database } from "../../ports/database.ts";
import { createNamedGates } from "../sql/named-gates.ts";
import { PostgresConnection } from "./postgres-connection.ts";
import type { PoolUsage, SqlConnection } from "../sql/sql-connection.ts";
import { createSqlDatabase } from "../sql/sql-database.ts";
import { createConnectionPool, createSessionPool } from "../sql/sql-pool.ts";

export interface PostgresDatabaseOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string;
  /** Connections that this process opens at most, when it needs them: 10. A held lock has one besides. */
  readonly maxConnections?: number;
  /** What finds no free connection for so long is refused with `unavailable`: never, by default. */
  readonly patienceMilliseconds?: number;
  /** A statement that runs longer is cancelled by the server (57014): 30,000. Statements of `exclusive` may take their time. */
  readonly statementMilliseconds?: number;
  /** A transaction that sends nothing for so long is taken to be stuck and rolled back: 30,000. */
  readonly transactionIdleMilliseconds?: number;
}

/** A `Database` that tells how its connections are used. */
export interface PostgresDatabase extends Database {
  connections(): PoolUsage;
}

const lockKey = (name: string): string => createHash("sha256").update(name).digest().readBigInt64BE().toString();

const lock = async (connection: SqlConnection, name: string): Promise<void> => {
  await connection.script("set statement_timeout = 0");
  await connection.query({ text: "select pg_advisory_lock($1::bigint)", values: [lockKey(name)] });
};

const unlock = async (connection: SqlConnection, name: string): Promise<void> => {
  await connection.query({ text: "select pg_advisory_unlock($1::bigint)", values: [lockKey(name)] });
  await connection.script("reset statement_timeout");
};

/**
 * The `Database` port on a PostgreSQL server. Nothing is connected before the first statement. A lost connection rejects
 * what ran on it with `unavailable`; the next statement opens another.
 */
export const createPostgresDatabase = ({
  url,
  maxConnections = 10,
  statementMilliseconds = 30_000,
  transactionIdleMilliseconds = 30_000,
  patienceMilliseconds,
}: PostgresDatabaseOptions): PostgresDatabase => {
  const create = () => new PostgresConnection({ url, statementMilliseconds });
  const pool = createConnectionPool({ size: maxConnections, pipelined: false, create, patienceMilliseconds });
  // A lock has a connection of its own: however few there are, its work and others find one.
  const locks = createConnectionPool({ size: Infinity, pipelined: false, create });
  const database = createSqlDatabase({ pool, transactionIdleMilliseconds });
  const pass = createNamedGates();

  const hold = async <Result>(
    connection: SqlConnection,
    name: string,
    work: () => Promise<Result>,
  ): Promise<Result> => {
    await lock(connection, name);
    const session = connection.session();
    try {
      return await database.within(createSessionPool(connection), work);
    } finally {
      // A lost session has lost its locks, too.
      if (connection.session() === session) await unlock(connection, name);
    }
  };

  const exclusive: Database["exclusive"] = async (name, work) => {
    database.assertOutsideTransaction();
    return pass(name, async () => {
      const connection = await locks.acquire();
      const held = hold(connection, name, work);
      locks.release(connection, held);
      return held;
    });
  };

  const close = async (): Promise<void> => {
    await Promise.all([database.close(), locks.close()]);
  };

  return { ...database, exclusive, close, connections: () => pool.usage() };
};
