import type { Answer } from "./pglite-answer.ts";

export interface MaintenanceOptions {
  readonly ask: (statement: string) => Answer;
  /** Requests so far, and whether the last one left a transaction open. */
  readonly activity: () => { readonly executed: number; readonly isInTransaction: boolean };
  readonly onFailure: (cause: unknown, statement: string) => void;
}

const lookMilliseconds = 2_000;
const requestsBeforeLook = 100;
// A database that is never idle is looked after between two requests.
const requestsBeforeInterruption = 2_000;

// As PostgreSQL's autovacuum decides it. Without statistics a plan that was made for a few rows stays for thousands:
// the page of a branch then took 60 ms instead of 0.3.
const neglectedTable = `
  select quote_ident(relname) as name from pg_stat_user_tables
  where n_mod_since_analyze > 50 + 0.1 * n_live_tup or n_dead_tup > 500 + 0.2 * n_live_tup
    or n_ins_since_vacuum > 1000 + 0.2 * n_live_tup
  order by n_dead_tup + n_mod_since_analyze desc limit 1`;

const longLog = `
  select 1 from pg_control_checkpoint()
  where pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn) > 64 * 1024 * 1024`;

/**
 * Does while nobody asks what PostgreSQL's background processes do and PGlite has none for: it vacuums and analyses what
 * has changed much, and writes a checkpoint before the log grows long. Returns how to stop it.
 */
export const startMaintenance = ({ ask, activity, onFailure }: MaintenanceOptions): (() => void) => {
  let executedAtTick = 0;
  let executedAtLook = 0;

  const run = (statement: string): Answer["rows"] => {
    const { rows, error } = ask(statement);
    if (error) onFailure(error, statement);
    return rows;
  };

  /** One piece of work at a time, so that requests come in between. */
  const work = (): boolean => {
    const table = run(neglectedTable)[0]?.["name"];
    if (typeof table === "string") run(`vacuum (analyze) ${table}`);
    else if (run(longLog).length > 0) run("checkpoint");
    else return false;
    return true;
  };

  const tick = (): void => {
    const { executed, isInTransaction } = activity();
    const isIdle = executed === executedAtTick;
    executedAtTick = executed;
    if (isInTransaction) return;
    if (executed - executedAtLook < (isIdle ? requestsBeforeLook : requestsBeforeInterruption)) return;
    if (!work()) executedAtLook = executed;
  };

  const timer = setInterval(tick, lookMilliseconds).unref();
  return () => clearInterval(timer);
};
