import sql, { empty, type Sql } from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import { stopperName, type CompletionRow } from "../completion/completion-rows.ts";
import {
  branchQuery,
  listOf,
  messageColumnNames,
  type Branch,
  type MessageKey,
  type MessageRow,
} from "./message-rows.ts";

const writerNames = [
  "id",
  "conversation_id",
  "message_id",
  "status",
  "crashes",
  "agent",
  "model",
  "usage",
  "cost_micros",
  "cancelled_by",
  "error",
  "created_at",
  "started_at",
  "finished_at",
] as const;

/** What is shown of the completion that wrote a message. */
export type WriterRow = Pick<CompletionRow, (typeof writerNames)[number] | "cancelled_by_name">;

/** A message with the completion that wrote it and the viewer's vote, all as they were at one moment. */
export interface ShownRow extends MessageRow {
  readonly writer: WriterRow | null;
  readonly vote: "up" | "down" | null;
}

const writerColumns = sql([
  `${writerNames.map((name) => `writer.${name} as writer_${name}`).join(", ")}, ${stopperName("writer")} as writer_cancelled_by_name`,
]);

const toShown = (row: Omit<ShownRow, "writer"> & Readonly<Record<string, unknown>>): ShownRow => ({
  ...row,
  writer:
    row.writer_id === null
      ? null
      : (Object.fromEntries(
          [...writerNames, "cancelled_by_name"].map((name) => [name, row[`writer_${name}`]]),
        ) as unknown as WriterRow),
});

/**
 * Adds to each row of `messages` what is shown with it. By look-ups (`lateral … limit 1`), never by a join that could
 * read a whole table.
 */
const showing = (messages: Sql, { viewerId }: Viewed): Sql => sql`
  select ${listOf(messageColumnNames, "m.")}, ${writerColumns}, own.value as vote from (${messages}) m
  left join lateral (
    select * from completion where completion.workspace_id = m.workspace_id and completion.id = m.completion_id limit 1) writer on true
  left join lateral (
    select value from vote where vote.workspace_id = m.workspace_id and vote.conversation_id = m.conversation_id and vote.message_id = m.id
      and vote.user_id = ${viewerId ?? null} limit 1) own on true`;

const query = async (database: Database, statement: Sql): Promise<ShownRow[]> =>
  (await database.query<Parameters<typeof toShown>[0]>(statement)).map(toShown);

/** Whose vote is shown; absent: nobody's. */
export interface Viewed {
  readonly viewerId?: string;
}

export const findShownMessage = async (database: Database, key: MessageKey & Viewed): Promise<ShownRow | undefined> => {
  const rows = await query(
    database,
    showing(
      sql`
        select ${listOf(messageColumnNames)} from message
        where workspace_id = ${key.workspaceId} and conversation_id = ${key.conversationId} and id = ${key.id}`,
      key,
    ),
  );
  return rows[0];
};

export interface SequencePage {
  readonly after: number | undefined;
  readonly before: number | undefined;
  readonly limit: number;
}

/** In order of sequence, tombstones included; `before` reads backwards from there and still answers in order. */
export const listShownBySequence = async (
  database: Database,
  { workspaceId, conversationId, ...viewed }: Omit<MessageKey, "id"> & Viewed,
  page: SequencePage,
): Promise<ShownRow[]> => {
  const isBackwards = page.before !== undefined && page.after === undefined;
  const messages = sql`
    select ${listOf(messageColumnNames)} from message where workspace_id = ${workspaceId} and conversation_id = ${conversationId}
      ${page.after === undefined ? empty : sql`and sequence > ${page.after}`}
      ${page.before === undefined ? empty : sql`and sequence < ${page.before}`}
    order by sequence ${isBackwards ? sql`desc` : empty} limit ${page.limit}`;
  return query(database, sql`${showing(messages, viewed)} order by m.sequence`);
};

/** A branch from its leaf upwards, at most `limit` messages, oldest first; tombstones included. */
export const listShownBranch = (database: Database, branch: Branch & Viewed, limit: number): Promise<ShownRow[]> =>
  query(database, sql`${showing(branchQuery(messageColumnNames, branch, limit), branch)} order by m.depth desc`);
