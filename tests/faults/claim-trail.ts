import sql from "sql-template-tag";
import type { Database } from "../../src/ports/database.ts";

/** One claim of a completion, by the name that a node has in PostgreSQL. */
export interface Claim {
  readonly completion: string;
  readonly fence: number;
  readonly node: string;
  /** Milliseconds since 1970, by the clock of this machine. */
  readonly at: number;
}

/** Lets the database note every claim. */
export const watchClaims = async (database: Database): Promise<void> => {
  for (const statement of [
    sql`create table fault_claim (completion text, fence int8, node text, at timestamptz default clock_timestamp())`,
    sql`create function fault_note_claim() returns trigger language plpgsql as $$
      begin
        insert into fault_claim (completion, fence, node) values (new.id, new.fence, current_setting('application_name'));
        return null;
      end $$`,
    sql`create trigger fault_note_claim after update of fence on completion for each row
      when (new.fence > old.fence) execute function fault_note_claim()`,
  ])
    await database.query(statement);
};

export const readClaims = (database: Database): Promise<Claim[]> =>
  database.query<Claim & Record<string, unknown>>(sql`
    select completion, fence::int4 as fence, node, extract(epoch from at)::float8 * 1000 as at from fault_claim order by at`);

/** Milliseconds from the death of a node until another had claimed each completion that it left behind. */
export const recoveriesOf = (claims: readonly Claim[], deaths: ReadonlyMap<string, number>): number[] => {
  const byKey = new Map(claims.map((claim) => [`${claim.completion} ${claim.fence}`, claim]));
  return claims.flatMap(({ completion, fence, node }) => {
    const next = byKey.get(`${completion} ${fence + 1}`);
    const death = deaths.get(node);
    return next === undefined || death === undefined ? [] : [next.at - death];
  });
};

/** How often each completion was taken over. */
export const takeOversOf = (claims: readonly Claim[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const { completion } of claims) counts.set(completion, (counts.get(completion) ?? -1) + 1);
  return counts;
};
