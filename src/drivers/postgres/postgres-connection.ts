import postgres, { type Sql } from "postgres";
import { NatterError } from "../../foundation/errors.ts";
import type { Statement } from "../../ports/database.ts";
import { begin, forgetPlans, PlanAge } from "../sql/plans.ts";
import type { SqlConnection } from "../sql/sql-connection.ts";
import { encodeParameters } from "../sql/sql-parameter.ts";
import { resultParsers } from "../sql/sql-result.ts";

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

const createClient = ({ url, statementMilliseconds }: PostgresConnectionOptions, onclose: () => void): Sql =>
  postgres(url, {
    // Only so do we learn which transaction a lost connection took with it.
    max: 1,
    fetch_types: false,
    types,
    onclose,
    onnotice: () => {},
    // A lifetime would end the connection in the middle of a transaction.
    max_lifetime: null,
    connect_timeout: 10,
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

// insufficient_resources: out of disk, memory or locks
const exhaustedServer = /^53/;

const exhaustedError = (cause: unknown): NatterError =>
  new NatterError("unavailable", "PostgreSQL is out of disk space, memory or locks; try again later.", { cause });

const lostError = (cause: unknown): NatterError =>
  new NatterError("unavailable", "The connection to PostgreSQL failed or was lost; is DATABASE_URL right?", { cause });

const explain = (error: unknown, statement: string): unknown => {
  if (!(error instanceof postgres.PostgresError) || lostSession.test(error.code)) return lostError(error);
  return exhaustedServer.test(error.code) ? exhaustedError(error) : Object.assign(error, { statement });
};

/** A session of a PostgreSQL server over TCP; its next statement opens it, also after it was lost. */
export class PostgresConnection implements SqlConnection {
  readonly #options: PostgresConnectionOptions;
  readonly #pending = new Map<{ cancel(): void }, (cause: unknown) => void>();
  readonly #prepared = new Set<string>();
  #plans = new PlanAge();
  #client: Sql | null = null;
  #session = 1;
  #isOpen = false;

  constructor(options: PostgresConnectionOptions) {
    this.#options = options;
  }

  async query<Result>({ text, values }: Statement): Promise<Result[]> {
    const forgetting = this.#plans.isOver() ? this.script(forgetPlans) : null;
    const [rows] = await Promise.all([
      this.#run<Result>(text, encodeParameters(values), this.#isPrepared(text)),
      forgetting,
    ]);
    return rows;
  }

  async script(text: string): Promise<void> {
    await this.#run(text, [], false);
  }

  begin(): Promise<void> {
    return this.script(begin);
  }

  end(outcome: "commit" | "rollback"): Promise<void> {
    return this.script(outcome);
  }

  session(): number | null {
    return this.#isOpen ? this.#session : null;
  }

  async close(): Promise<void> {
    await this.#client?.end({ timeout: closeSeconds });
  }

  async #run<Result>(text: string, parameters: (string | null)[], prepare: boolean): Promise<Result[]> {
    this.#client ??= createClient(this.#options, () => this.#discard());
    const session = this.#session;
    const query = this.#client.unsafe<Result[]>(text, parameters, { prepare });
    const answer = Promise.withResolvers<readonly Result[]>();
    this.#pending.set(query, answer.reject);
    query.then(answer.resolve, answer.reject);
    try {
      const rows = await answer.promise;
      this.#isOpen ||= session === this.#session;
      return rows.slice();
    } catch (error) {
      throw explain(error, text);
    } finally {
      this.#pending.delete(query);
    }
  }

  /**
   * The connection is gone, and its client goes with it. Left to itself, postgres.js leaves statements unanswered, fails
   * the first of the next session with the error of this one, and runs there what still waits in its queue, outside the
   * transaction that it belongs to.
   */
  #discard(): void {
    this.#session += 1;
    this.#isOpen = false;
    this.#client = null;
    this.#prepared.clear();
    this.#plans = new PlanAge();
    for (const [query, reject] of this.#pending) {
      const isQueued = Reflect.get(query, "state") === null;
      if (isQueued) query.cancel();
      reject(lostError(undefined));
    }
  }

  #isPrepared(text: string): boolean {
    if (this.#prepared.size < maximumPrepared) this.#prepared.add(text);
    return this.#prepared.has(text);
  }
}
