import sql from "sql-template-tag";
import type { Database } from "../../src/ports/database.ts";
import { type CompletionStatus, sources } from "../../src/completions/state.ts";
import type { Part } from "../../src/protocol/message/chunk.ts";
import { isToolPart } from "../../src/protocol/message/fold.ts";
import type { CallOutcome } from "../../src/protocol/agent/tool.ts";
import { areSameParts } from "../../src/testing/providers/read-as-ai-sdk.ts";
import { answeredParts } from "../../src/tools/answered-parts.ts";
import type { ProviderCall } from "./numbered-provider.ts";

/** One line of the ledger. */
export interface LedgerRow {
  readonly completion_id: string;
  readonly step: number;
  readonly fence: number;
  readonly output_tokens: number;
  readonly estimated: boolean;
}

/** Recorded results of tool calls, by completion and call. */
export type ToolOutcomes = ReadonlyMap<string, CallOutcome | null>;

export const readOutcomes = async (database: Database): Promise<ToolOutcomes> => {
  const rows = await database.query<{ call: string; outcome: CallOutcome | null }>(
    sql`select completion_id || ' ' || call_id as call, outcome from tool_execution`,
  );
  return new Map(rows.map((row) => [row.call, row.outcome]));
};

/** Who allowed it is no part of a result. */
const withoutApproval = ({ approval: _approval, ...part }: Part & { approval?: unknown }): Part => part as Part;

/** What a message shows of a call must be its recorded result, word for word. */
export const outcomeFailures = (completionId: string, parts: readonly Part[], outcomes: ToolOutcomes): string[] =>
  parts.filter(isToolPart).flatMap((part) => {
    const outcome = outcomes.get(`${completionId} ${part.toolCallId}`) ?? null;
    if (outcome === null) return [`${part.toolCallId} has no recorded result`];
    const [recorded] = answeredParts([part], [{ callId: part.toolCallId, tool: "", input: null, outcome }]);
    return recorded !== undefined && areSameParts([withoutApproval(recorded)], [withoutApproval(part)])
      ? []
      : [`${part.toolCallId} shows ${JSON.stringify(part)}, recorded is ${JSON.stringify(outcome)}`];
  });

export interface RowAudit {
  readonly statuses: readonly CompletionStatus[];
  /** Not forgotten by a model call that was done since. */
  readonly crashes: number;
  readonly takeOvers: number;
  /** Ended completions whose log nobody closed. */
  readonly unclosed: number;
  readonly ledger: readonly LedgerRow[];
  readonly outcomes: ToolOutcomes;
  readonly failures: readonly string[];
}

/** What the rows must be when nothing is left to do. */
export const auditRows = async (database: Database): Promise<RowAudit> => {
  const failures: string[] = [];
  const completions = await database.query<{
    status: CompletionStatus;
    crashes: number;
    fence: number;
    log_closed: boolean;
  }>(sql`select status, crashes, fence, log_closed from completion`);
  const gaps = await database.query<{ id: string }>(sql`
    select conversation_id as id from message group by workspace_id, conversation_id
    having count(*) <> max(sequence) or min(sequence) <> 1 or count(distinct sequence) <> count(*)`);
  for (const { id } of gaps) failures.push(`${id}: its sequence has a gap`);
  const halves = await database.query<{ id: string }>(sql`
    select c.id from completion c left join message m
      on m.workspace_id = c.workspace_id and m.conversation_id = c.conversation_id and m.id = c.message_id
    where m.id is null`);
  for (const { id } of halves) failures.push(`${id}: has no message`);
  return {
    statuses: completions.map(({ status }) => status),
    crashes: completions.reduce((sum, { crashes }) => sum + crashes, 0),
    takeOvers: completions.reduce((sum, { fence }) => sum + Math.max(0, fence - 1), 0),
    unclosed: completions.filter(({ status, log_closed: isClosed }) => !sources("cancel").includes(status) && !isClosed)
      .length,
    ledger: await database.query<LedgerRow>(
      sql`select completion_id, step, fence, output_tokens, estimated from usage order by completion_id, step, fence`,
    ),
    outcomes: await readOutcomes(database),
    failures,
  };
};

/** Calls that a completion made, the steps of them that are stored, and how often it was killed. */
export interface CompletionCalls {
  readonly completionId: string;
  readonly calls: readonly ProviderCall[];
  readonly stored: readonly ProviderCall[];
  readonly kills: number;
}

/**
 * Every call that the provider saw has a line of its own (completion, step, fence); a line without a call is one that
 * a worker opened and did not live to make. A stored step's line is exact.
 */
export const ledgerFailures = (
  ledger: readonly LedgerRow[],
  { completionId, calls, stored, kills }: CompletionCalls,
) => {
  const failures: string[] = [];
  const rows = ledger.filter((row) => row.completion_id === completionId);
  let missing = 0;
  for (const step of new Set(calls.map((call) => call.step))) {
    const seen = calls.filter((call) => call.step === step).length;
    missing += Math.max(0, seen - rows.filter((row) => row.step === step).length);
  }
  if (missing > 0) failures.push(`${completionId}: ${missing} calls are not in the ledger`);
  if (rows.length - calls.length > kills)
    failures.push(`${completionId}: ${rows.length} lines for ${calls.length} calls and ${kills} kills`);
  for (const { step, outputTokens } of stored) {
    const exact = rows.filter((row) => row.step === step && !row.estimated && row.output_tokens === outputTokens);
    if (exact.length !== 1) failures.push(`${completionId}: step ${step} has ${exact.length} exact lines`);
  }
  return { missing, failures };
};
