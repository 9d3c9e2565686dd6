import postgres from "postgres";
import { NatterError } from "../foundation/errors.ts";
import type { SqlConnection } from "./sql-connection.ts";
import { encodeParameter } from "./sql-parameter.ts";
import { resultParsers } from "./sql-result.ts";

export interface PostgresConnectionOptions {
  readonly url: string;
  readonly statementMilliseconds: number;
}

const maximumPrepared = 1_000;
const closeSeconds = 5;

const asText = (value: unknown): string => String(value);

const bytea = 17;
const date = 1082;
const timestamp = 1114;

// Parameters are text by the time postgres.js sees them: without these it would serialise them a second time.
const types = Object.fromEntries(
  [...resultParsers, ...[bytea, date, timestamp].map((oid) => [oid, asText] as const)].map(([oid, parse]) => [
    `oid${oid}`,
    { to: oid, from: [oid], serialize: asText, parse },
  ]),
);

const createClient = ({ url, statementMilliseconds }: PostgresConnectionOptions, onclose: () => void) =>
  postgres(url, {
    // One connection a client: only so do we learn which transaction a lost connection took with it.
    max: 1,
    fetch_types: false,
    types,
    onclose,
    onnotice: () => {},
    // A lifetime would end the connection in the middle of a transaction.
    max_lifetime: null,
    connect_timeout: 10,
    backoff: () => 0.2,
    connection: {
      application_name: "natter",
      TimeZone: "UTC",
      DateStyle: "ISO",
      statement_timeout: statementMilliseconds,
      idle_in_transaction_session_timeout: 2 * statementMilliseconds,
    },
  });

// connection_exception, too_many_connections, and the server going down or coming up
const lostSession = /^(08...|53300|57P0[123])$/;

const explain = (error: unknown, isSameSession: boolean): unknown =>
  isSameSession && error instanceof postgres.PostgresError && !lostSession.test(error.code)
    ? error
    : new NatterError("unavailable", "The connection to PostgreSQL failed or was lost; is DATABASE_URL right?", {
        cause: error,
      });

/** A session of a PostgreSQL server over TCP; its next statement opens it, also after it was lost. */
export const createPostgresConnection = (options: PostgresConnectionOptions): SqlConnection => {
  const pending = new Set<{ cancel(): void }>();
  const prepared = new Set<string>();
  let session = 1;
  let isOpen = false;

  const client = createClient(options, () => {
    session += 1;
    isOpen = false;
    prepared.clear();
    // What still waits inside postgres.js would run on the next session, outside the transaction that it belongs to.
    for (const query of pending) query.cancel();
  });

  const run = async <Row>(text: string, parameters: (string | null)[], prepare: boolean): Promise<Row[]> => {
    const sentOn = session;
    const query = client.unsafe<Row[]>(text, parameters, { prepare });
    pending.add(query);
    try {
      const rows = await query;
      isOpen ||= session === sentOn;
      return rows.slice();
    } catch (error) {
      throw explain(error, session === sentOn);
    } finally {
      pending.delete(query);
    }
  };

  const isPrepared = (text: string): boolean => {
    if (prepared.size < maximumPrepared) prepared.add(text);
    return prepared.has(text);
  };

  const script = async (text: string): Promise<void> => {
    await run(text, [], false);
  };

  return {
    query: async ({ text, values }) => run(text, values.map(encodeParameter), isPrepared(text)),
    script,
    begin: () => script("begin"),
    end: script,
    session: () => (isOpen ? session : null),
    close: () => client.end({ timeout: closeSeconds }),
  };
};
