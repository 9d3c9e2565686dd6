import type { membersQuerySchema } from "../../protocol/people/people-requests.ts";
import type {
  conversationsQuerySchema,
  messagesQuerySchema,
  pageQuerySchema,
  searchQuerySchema,
  usageQuerySchema,
} from "../../protocol/requests.ts";
import type { exportQuerySchema } from "../../protocol/transfer.ts";
import type { deliveriesQuerySchema } from "../../protocol/webhook.ts";

/** What a query may ask for, in values instead of texts; absent members say nothing. */
type Query<Schema extends { readonly _zod: { readonly output: unknown } }> = {
  readonly [Name in keyof Schema["_zod"]["output"]]?: Asked<Schema["_zod"]["output"][Name]> | undefined;
};
type Asked<Value> = Value extends "true" | "false" ? boolean : Value;

export type PageQuery = Query<typeof pageQuerySchema>;
/** Which conversations; `q` is looked for in titles. */
export type ConversationQuery = Query<typeof conversationsQuerySchema>;
/** Which messages: by sequence after or before one, or the `branch` upwards from a message or from the `active` leaf. */
export type MessageQuery = Query<typeof messagesQuerySchema>;
export type SearchQuery = Omit<Query<typeof searchQuerySchema>, "q">;
/** Which lines of the ledger; times are ISO 8601 in UTC. */
export type UsageQuery = Omit<Query<typeof usageQuerySchema>, "group">;
export type MembersQuery = Query<typeof membersQuerySchema>;
export type DeliveryQuery = Query<typeof deliveriesQuerySchema>;
/** Without `conversationId` all your conversations in the workspace; `format` is `jsonl` unless it says otherwise. */
export type ExportQuery = Omit<Query<typeof exportQuerySchema>, "workspaceId">;
