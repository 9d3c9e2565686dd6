import sql from "sql-template-tag";
import type { BudgetPolicy } from "../../src/completions/money/budgets.ts";
import type { World } from "./world.ts";

interface Sums {
  readonly micros: number;
  readonly tokens: number;
}

/** What a call of the simulated model uses: 10 tokens in, 5 out, at 1 and 10 micro-dollars. */
const exact = { tokens: 15, micros: 60 };
/** It says 5 tokens, and 3 are reserved: each call in flight may exceed its reservation by so much. */
const excess = { tokens: 15, micros: 60 };
/** Workers that live at a time, and one that is taken for dead and is not. */
const inFlight = 3;

/** Throws unless budgets and ledger agree and no budget was overshot by more than the calls in flight. */
export const checkBudgets = async ({ spine, gate, modelCalls }: World, { defaults }: BudgetPolicy): Promise<void> => {
  const { database } = spine.context;
  const { workspaceId } = spine.principal;
  const demand = (holds: boolean, invariant: string, found: unknown): void => {
    if (!holds) throw new Error(`7 ${invariant}: ${JSON.stringify(found)}\n${gate.trace.join("\n")}`);
  };
  const [ledger] = await database.query<Sums>(sql`
    select coalesce(sum(coalesce(cost_micros, 0) + coalesce(held_micros, 0)), 0)::int8 as micros,
      coalesce(sum(input_tokens + output_tokens + coalesce(held_tokens, 0)), 0)::int8 as tokens
    from usage where workspace_id = ${workspaceId}`);
  const spending = await database.query<Sums & { scope: string; period: string }>(
    sql`select scope, period, micros, tokens from spending where workspace_id = ${workspaceId}`,
  );
  demand(spending.length > 0, "something is counted", spending);
  for (const each of spending) {
    demand(each.micros === ledger?.micros && each.tokens === ledger.tokens, "a budget is the sum of its ledger", {
      each,
      ledger,
    });
    const rule = defaults.find(({ scope, period }) => scope === each.scope && period === each.period);
    const isWithin = ([used, limit, over]: readonly [number, number | null | undefined, number]): boolean =>
      used <= (limit ?? Number.POSITIVE_INFINITY) + inFlight * over;
    demand(isWithin([each.micros, rule?.limit_micros, excess.micros]), "no budget is overshot in money", each);
    demand(isWithin([each.tokens, rule?.limit_tokens, excess.tokens]), "no budget is overshot in tokens", each);
  }
  const settled = await database.query<{ input_tokens: number; output_tokens: number; cost_micros: number }>(sql`
    select input_tokens, output_tokens, cost_micros from usage where workspace_id = ${workspaceId} and not estimated and output_tokens > 0`);
  demand(
    settled.every(
      (entry) => entry.input_tokens + entry.output_tokens === exact.tokens && entry.cost_micros === exact.micros,
    ),
    "what is exact is what was used",
    settled,
  );
  const [doubled] = await database.query<{ entries: number; calls: number }>(sql`
    select count(*) as entries, count(distinct (completion_id, step, fence, call)) as calls from usage where workspace_id = ${workspaceId}`);
  demand(doubled?.entries === doubled?.calls, "one entry per call", doubled);
  demand(modelCalls.length <= (doubled?.entries ?? 0), "no call without an entry", modelCalls);
};
