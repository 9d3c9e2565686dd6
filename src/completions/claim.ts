import type { Database } from "../ports/database.ts";
import type { CompletionKey } from "../ports/queue.ts";
import type { CallApproval } from "../protocol/approval.ts";
import type { Part } from "../protocol/message/chunk.ts";
import type { ConversationRevision } from "../protocol/hint.ts";
import { toolResultParts, type ToolResultPart } from "../protocol/message/tool-result-part.ts";
import type { StoredStep } from "../protocol/agent/turn.ts";
import type { ToolCall } from "../protocol/agent/tool.ts";
import { carryResults } from "../store/background/claiming.ts";
import { listApprovalRows } from "../store/tools/approval-rows.ts";
import { claimOldest, claimQueued, takeOverExpired, type ClaimTerms, type Lease } from "../store/completion/claims.ts";
import type { CompletionRow, Snapshot } from "../store/completion/completion-rows.ts";
import { listContextRows, type MessageRow } from "../store/message/message-rows.ts";
import { listStepRows } from "../store/completion/step-rows.ts";
import { listToolExecutionRows, type ToolExecutionRow } from "../store/tools/tool-execution-rows.ts";
import type { PathSummary } from "../store/conversation/summary-rows.ts";
import type { Surroundings } from "../store/conversation/surroundings.ts";
import { toCallApproval } from "./approvals/resource.ts";
import type { PriceOf } from "./money/bill.ts";
import type { Reservation } from "./money/budgets.ts";
import { openEntry, type Entry } from "./money/open-entry.ts";
import type { NatterError } from "../foundation/errors.ts";
import { estimateCrashedCalls } from "./money/ledger.ts";
import { startOf } from "./log/replay.ts";
import type { Chunk } from "../protocol/message/chunk.ts";

export type { Lease, PathSummary };

/** A message of the branch that is answered. */
export interface BranchMessage {
  readonly id: string;
  readonly role: MessageRow["role"];
  readonly parts: readonly Part[];
  /** What stands for the branch up to it and with it, where that is known. */
  readonly summary?: PathSummary | null;
}

/** A branch as far as a claim looks back. */
export interface BranchView {
  /** Oldest first, ending with the user message. */
  readonly branch: readonly BranchMessage[];
  /** Whether it begins at the root. */
  readonly isWhole: boolean;
  /** What stands for the messages before it. */
  readonly earlier: PathSummary | null;
}

/** A completion in the hands of one worker. Every write of it is conditional on `fence`. */
export interface Claim extends CompletionKey, BranchView {
  readonly fence: number;
  readonly crashes: number;
  readonly conversationId: string;
  readonly messageId: string;
  readonly userId: string;
  /** The API key that asked; null: none of ours. */
  readonly keyId: string | null;
  /** A stored message is answered once more. */
  readonly isRepeated: boolean;
  readonly agent: string;
  readonly model: string;
  readonly settings: CompletionRow["settings"];
  readonly isCancelled: boolean;
  /** Milliseconds between accepting the message and this claim's start of work, by the database's clock. */
  readonly waitedMilliseconds: number;
  readonly isTakeOver: boolean;
  /** A take-over from a worker that did not hand it over. */
  readonly hasCrashed: boolean;
  /** What the claim made of the conversation; null for a take-over, which nobody sees. */
  readonly revision: ConversationRevision | null;
  readonly start: Chunk;
  /** Why a budget has no room for its first model call; null: there is room, or it is looked at before the call. */
  readonly refusal: NatterError | null;
  /** Who and what it is for, in words. */
  readonly around: Surroundings;
  /** Results of background tools at the head of its message, which is the first on its path to carry them. */
  readonly results: readonly ToolResultPart[];
  /** What earlier claims have finished. */
  readonly steps: readonly StoredStep[];
  /** Calls whose body an earlier claim started and did not see the end of. */
  readonly startedCalls: ReadonlySet<string>;
  /** Questions that earlier claims asked a person, as they stand. */
  readonly approvals: readonly CallApproval[];
  readonly snapshot: Snapshot | null;
}

export interface ClaimOptions {
  readonly lease: ClaimTerms;
  /** Messages that are looked back at, at most. */
  readonly contextMessages: (row: Pick<CompletionRow, "agent" | "settings">) => number;
  /** Tokens that the first model call will send, by estimate. */
  readonly estimateInput: (
    row: { readonly agent: string; readonly settings: CompletionRow["settings"] },
    branch: readonly BranchMessage[],
  ) => number;
  readonly priceOf: PriceOf;
  /** What is set aside for the first answer; absent: no budget is looked at. */
  readonly reserve?: (row: Pick<CompletionRow, "agent" | "model" | "settings">) => Reservation;
}

type ReadMessage = BranchView & Pick<Claim, "start" | "results" | "around">;

const nowhere: Surroundings = { userName: null, userEmail: null, workspaceName: "", title: null };

const readBranch = async (database: Database, row: CompletionRow, options: ClaimOptions): Promise<ReadMessage> => {
  const limit = options.contextMessages(row);
  // from the placeholder upwards: one statement finds its number, the branch above it, and what stands for the rest
  const rows = await listContextRows(
    database,
    {
      workspaceId: row.workspace_id,
      conversationId: row.conversation_id,
      leafId: row.message_id,
      userId: row.requested_by,
    },
    limit + 2,
  );
  const above = rows.slice(0, -1);
  const beyond = above.length > limit ? above.shift() : undefined;
  return {
    branch: above.filter((message) => message.deleted_at === null),
    isWhole: beyond === undefined,
    earlier: beyond?.summary ?? null,
    start: startOf(row, rows.at(-1)?.sequence ?? 0),
    results: toolResultParts(rows.at(-1)?.parts ?? []),
    around: rows.at(-1)?.around ?? nowhere,
  };
};

const toClaim = (
  row: CompletionRow,
  read: ReadMessage,
  more: Pick<Claim, "refusal" | "isTakeOver" | "hasCrashed" | "revision" | "steps" | "startedCalls" | "approvals">,
): Claim => ({
  workspaceId: row.workspace_id,
  completionId: row.id,
  fence: row.fence,
  crashes: row.crashes,
  conversationId: row.conversation_id,
  messageId: row.message_id,
  userId: row.requested_by,
  keyId: row.key_id,
  isRepeated: row.regenerates,
  agent: row.agent,
  model: row.model,
  settings: row.settings,
  isCancelled: row.cancel_requested_at !== null,
  waitedMilliseconds: (row.started_at?.getTime() ?? 0) - row.created_at.getTime(),
  snapshot: row.snapshot,
  ...read,
  ...more,
});

const messageOf = (row: CompletionRow) => ({
  workspaceId: row.workspace_id,
  conversationId: row.conversation_id,
  id: row.message_id,
});

const resultMessages = (row: CompletionRow, { results }: ReadMessage): BranchMessage[] =>
  results.length === 0 ? [] : [{ id: row.message_id, role: "assistant", parts: results }];

const firstEntry = (row: CompletionRow, inputTokens: number, { reserve }: ClaimOptions): Entry => ({
  workspaceId: row.workspace_id,
  completionId: row.id,
  step: 1,
  fence: row.fence,
  call: 1,
  conversationId: row.conversation_id,
  userId: row.requested_by,
  keyId: row.key_id,
  model: row.model,
  inputTokens,
  reserve: reserve?.(row),
});

/** Claims a queued completion: this one, or the one that has been due for longest. Opens the ledger entry of its first model call. Null: there is none to claim. */
export const claimNext = (
  database: Database,
  key: CompletionKey | undefined,
  options: ClaimOptions,
): Promise<Claim | null> =>
  database.transaction(async () => {
    const row =
      key === undefined ? await claimOldest(database, options.lease) : await claimQueued(database, key, options.lease);
    if (row === undefined) return null;
    if (row.has_results) await carryResults(database, messageOf(row));
    const read = await readBranch(database, row, options);
    const inputTokens = options.estimateInput(row, [...read.branch, ...resultMessages(row, read)]);
    const refusal = await openEntry(database, firstEntry(row, inputTokens, options), options.priceOf);
    return toClaim(row, read, {
      isTakeOver: false,
      hasCrashed: false,
      revision: row.revision,
      refusal,
      steps: [],
      startedCalls: new Set(),
      approvals: [],
    });
  });

const toSteps = (
  rows: Awaited<ReturnType<typeof listStepRows>>,
  executions: readonly ToolExecutionRow[],
): StoredStep[] =>
  rows.map((row) => ({
    step: row.step,
    parts: row.parts,
    calls: row.calls,
    results: row.calls.flatMap((call: ToolCall) => {
      const outcome = executions.find((execution) => execution.call_id === call.callId)?.outcome;
      return outcome === undefined || outcome === null ? [] : [{ ...call, outcome }];
    }),
    end: {
      finishReason: row.finish_reason,
      ...(row.usage === null ? {} : { usage: row.usage }),
      providerMetadata: row.provider_metadata,
    },
  }));

/** Takes over a running completion whose lease ran out or that was handed over, with what was recorded of it. Null: there is none. */
export const takeOver = (database: Database, options: ClaimOptions): Promise<Claim | null> =>
  database.transaction(async () => {
    const row = await takeOverExpired(database, options.lease);
    if (row === undefined) return null;
    const key = { workspaceId: row.workspace_id, completionId: row.id };
    const executions = await listToolExecutionRows(database, key);
    await estimateCrashedCalls(database, row, options.priceOf);
    return toClaim(row, await readBranch(database, row, options), {
      isTakeOver: true,
      refusal: null,
      hasCrashed: row.has_crashed,
      revision: null,
      steps: toSteps(await listStepRows(database, key), executions),
      startedCalls: new Set(
        executions.filter((execution) => execution.status === "started").map((execution) => execution.call_id),
      ),
      approvals: (await listApprovalRows(database, key)).map(toCallApproval),
    });
  });
