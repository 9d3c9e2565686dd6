import type { BudgetStanding } from "../../protocol/people/budget.ts";
import type { Part } from "../../protocol/message/chunk.ts";
import type {
  changeConversationRequestSchema,
  changeWaitingRequestSchema,
  createConversationRequestSchema,
  editRequestSchema,
  sendRequestSchema,
  startRequestSchema,
  voteRequestSchema,
} from "../../protocol/requests.ts";
import type { decideRequestSchema } from "../../protocol/question.ts";
import type { Role } from "../../protocol/people/principal.ts";
import type { UsageLine, UsageTotals } from "../../protocol/usage.ts";
import type { RunnerCapabilities } from "../../protocol/agent/runner-capabilities.ts";

type Input<Schema extends { readonly _zod: { readonly input: unknown } }> = Schema["_zod"]["input"];

export type SendBody = Input<typeof sendRequestSchema>;
export type EditBody = Input<typeof editRequestSchema>;
export type StartBody = Input<typeof startRequestSchema>;
export type CreateConversationBody = Input<typeof createConversationRequestSchema>;
export type ChangeConversationBody = Input<typeof changeConversationRequestSchema>;
export type VoteBody = Input<typeof voteRequestSchema>;
export type DecideBody = Input<typeof decideRequestSchema>;
export type ChangeWaitingBody = Input<typeof changeWaitingRequestSchema>;

/** A page of a list. */
export interface Page<Item> {
  /** Messages: oldest first. Anything else: newest first. */
  readonly data: readonly Item[];
  /** Null at the end. */
  readonly nextCursor: string | null;
}

/** A message that was accepted while the conversation was answering, and whose turn has not come. */
export interface WaitingSend {
  readonly completionId: string;
  /** The user's message. */
  readonly messageId: string | null;
  readonly parts: readonly Part[];
  readonly createdAt: string;
}

/** What a message that is stored and will be answered is known by. */
export interface Accepted {
  readonly conversationId: string;
  readonly completionId: string;
  /** The assistant's message. */
  readonly messageId: string;
  readonly userMessageId: string | null;
  /** Sequence number of the assistant's message. */
  readonly sequence: number;
}

export interface Model {
  readonly id: string;
  readonly name: string;
  readonly contextTokens: number | null;
  readonly maxOutputTokens: number | null;
  readonly tools: boolean;
  readonly reasoning: boolean;
  /** Whether it reads images. */
  readonly images: boolean;
  /** Media types that it reads besides text and images. */
  readonly files: readonly string[];
  /** Millionths of a dollar for a million tokens; null when it is not known. */
  readonly price: { readonly inputMicrosPerMillion: number; readonly outputMicrosPerMillion: number } | null;
  readonly isDefault: boolean;
}

/** A tool that an agent may call. */
export interface AgentTool {
  readonly name: string;
  readonly description: string | null;
  /** Where it runs: in the completion, in the person's browser or app, or besides the completion. */
  readonly kind: "inline" | "client" | "background";
  /** Of a client tool: the JSON Schema that its result must fit. */
  readonly outputSchema: Readonly<Record<string, unknown>> | null;
}

export interface AgentDescription {
  readonly id: string;
  readonly name: string;
  /** Null: the server's default model. */
  readonly model: string | null;
  readonly tools: readonly AgentTool[];
  readonly runner: string;
  /** What the runner can promise. */
  readonly capabilities: RunnerCapabilities;
  readonly maxSteps: number;
  readonly isDefault: boolean;
}

export interface Me {
  readonly userId: string;
  readonly workspaceId: string;
  readonly role: Role;
  readonly name: string | null;
  /** Signed in with a password, and so can sign out. */
  readonly hasSession: boolean;
  /** What is left of your budgets; absent: the server looks at none. */
  readonly quota?: readonly BudgetStanding[] | undefined;
}

export type { UsageLine } from "../../protocol/usage.ts";

/** A page of the ledger, newest first, and the sums of the whole time asked for. Costs are millionths of a dollar. */
export interface UsagePage extends Page<UsageLine> {
  readonly totals: UsageTotals;
}
