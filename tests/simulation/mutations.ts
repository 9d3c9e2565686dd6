import sql from "sql-template-tag";
import type { ChunkLog } from "../../src/ports/chunk-log.ts";
import type { Database, Statement } from "../../src/ports/database.ts";

const rewrite = (database: Database, change: (text: string) => string): Database => ({
  ...database,
  query: (statement: Statement) => database.query({ text: change(statement.text), values: statement.values }),
  transaction: (work) => database.transaction(work),
  script: (text) => database.script(text),
  exclusive: (name, work) => database.exclusive(name, work),
  close: () => database.close(),
});

/** Every write of a claim forgets to ask whether it still holds it. */
export const withoutFence = (database: Database): Database =>
  rewrite(database, (text) =>
    text
      .replaceAll(/and fence = (\$\d+) and status = 'running'/g, "and $1::int is not null and status = 'running'")
      .replaceAll(/and fence = (\$\d+)(\s+and status = any)/g, "and $1::int is not null$2"),
  );

/** The log takes what any worker appends. */
export const withoutLogFence = (log: ChunkLog): ChunkLog => {
  const any = Number.MAX_SAFE_INTEGER;
  return {
    open: (id, _fence, options) => log.open(id, any, options),
    append: (id, _fence, entry) => log.append(id, any, entry),
    read: (id, after, maxBytes) => log.read(id, after, maxBytes),
    watch: (id, listener) => log.watch(id, listener),
    close: () => log.close(),
  };
};

/** *Model done* is said to be stored and is not. */
export const withoutModelDone = (database: Database): Database => ({
  ...rewrite(database, (text) => text),
  query: async <Row>(statement: Statement): Promise<Row[]> => {
    const rows = await database.query<Row>(statement);
    if (statement.text.includes("insert into completion_step")) await database.query(sql`delete from completion_step`);
    return rows;
  },
});

/** The start of a tool's body is not remembered. */
export const withoutToolStart = (database: Database): Database =>
  rewrite(database, (text) => text.replace("tool_execution.fence = excluded.fence or", "true or"));

/** Whoever parks a completion does not look whether it was answered meanwhile. */
export const withoutLookBeforeParking = (database: Database): Database =>
  rewrite(database, (text) => text.replace("and (cancel_requested_at is not null", "and false and (true"));

/** A body starts whatever was decided, as if the questions that its claim knows had all been allowed. */
export const withoutDecision = (database: Database): Database => ({
  ...rewrite(database, (text) => text.replace("and approval.decision in ('once', 'always')", "")),
  query: async <Row>(statement: Statement): Promise<Row[]> => {
    const text = statement.text.replace("and approval.decision in ('once', 'always')", "");
    const rows = await database.query<Row>({ text, values: statement.values });
    const isOfClaim = /from approval where approval\.?.*order by created_at|order by created_at, call_id/.test(text);
    if (!isOfClaim || !text.includes("from approval")) return rows;
    return rows.map((row) => ({ ...row, decision: "once" }));
  },
});
