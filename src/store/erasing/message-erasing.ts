import sql, { type Sql } from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import { artifactPartType } from "../../protocol/artifact.ts";
import type { Traces } from "./conversation-erasing.ts";
import { titleKind } from "../job-rows.ts";
import { countGone, sum } from "./count-gone.ts";

/** In a conversation of somebody else: what a user said there, and what was answered to it. */
export interface SaidThere {
  readonly conversation_id: string;
  readonly ids: readonly string[];
}

/**
 * What a user said in conversations of others, as `said` (conversation_id, id), with every answer to it: an answer repeats
 * what it answers. So does one that goes on with it, of which a copy does not know who had asked for it.
 */
const withSaid = ({ workspaceId, userId }: Traces): Sql => sql`
  recursive said as (
    select m.conversation_id, m.id from message m
    join conversation c on c.workspace_id = m.workspace_id and c.id = m.conversation_id and c.owner_id <> ${userId}
    left join completion k on k.workspace_id = m.workspace_id and k.id = m.completion_id
    left join message parent on parent.workspace_id = m.workspace_id and parent.conversation_id = m.conversation_id and parent.id = m.parent_id
    where m.workspace_id = ${workspaceId}
      and (m.author_id = ${userId} or (m.role = 'assistant' and k.requested_by = ${userId} and parent.role = 'assistant'))
    union
    select child.conversation_id, child.id from said join message child
      on child.parent_id = said.id and child.conversation_id = said.conversation_id and child.workspace_id = ${workspaceId}
    where child.role = 'assistant')`;

/** Some conversations of others in which a user said something that is still there. */
export const listSaidThere = (database: Database, traces: Traces, limit: number): Promise<SaidThere[]> =>
  database.query(sql`
    with ${withSaid(traces)}
    select said.conversation_id, array_agg(said.id) as ids from said
    join message m on m.workspace_id = ${traces.workspaceId} and m.conversation_id = said.conversation_id and m.id = said.id
    where m.deleted_at is null group by said.conversation_id order by said.conversation_id limit ${limit}`);

export interface NamedVersion {
  readonly id: string;
  readonly version: number;
}

interface Place {
  readonly workspaceId: string;
  readonly conversationId: string;
}

/** Versions of artifacts that messages show. */
export const listShownVersions = (
  database: Database,
  { workspaceId, conversationId }: Place,
  ids: readonly string[],
): Promise<NamedVersion[]> =>
  database.query(sql`
    select distinct part -> 'data' ->> 'artifactId' as id, (part -> 'data' ->> 'version')::int as version
    from message m cross join jsonb_array_elements(m.parts) part
    where m.workspace_id = ${workspaceId} and m.conversation_id = ${conversationId} and m.id = any(${ids})
      and part ->> 'type' = ${artifactPartType} and part -> 'data' ->> 'version' ~ '^\\d{1,9}$'`);

/**
 * Conversations of others, and links to them, are called what a user called them, or after what the user said first,
 * perhaps just now.
 */
export const forgetTitles = async (database: Database, { workspaceId, userId }: Traces): Promise<number> => {
  const isOfTheirs = (titleBy: Sql): Sql => sql`coalesce(${titleBy}, (
    select m.author_id from message m where m.workspace_id = c.workspace_id and m.conversation_id = c.id and m.role = 'user'
    order by m.sequence limit 1)) = ${userId}`;
  const named = await countGone(
    database,
    sql`
    update conversation c set title = null, title_by = null, version = version + 1
    where c.workspace_id = ${workspaceId} and c.owner_id <> ${userId} and c.title is not null and ${isOfTheirs(sql`c.title_by`)}`,
  );
  const shared = await countGone(
    database,
    sql`
    update share s set title = null, title_by = null from conversation c
    where s.workspace_id = ${workspaceId} and s.title is not null and c.workspace_id = s.workspace_id and c.id = s.conversation_id
      and c.owner_id <> ${userId} and ${isOfTheirs(sql`s.title_by`)}`,
  );
  // a job to replace a title that is no more tells what it was
  const waiting = await countGone(
    database,
    sql`delete from job j where j.workspace_id = ${workspaceId} and j.kind = ${titleKind} and j.payload ->> 'replaces' is not null
      and not exists (select 1 from conversation c where c.workspace_id = j.workspace_id and c.id = j.subject
        and c.deleted_at is null and c.title = j.payload ->> 'replaces')`,
  );
  return named + shared + waiting;
};

/** Completions in conversations of others whose answers are to what a user said. */
const listAnswering = async (database: Database, traces: Traces): Promise<string[]> => {
  const rows = await database.query<{ id: string }>(sql`
    with ${withSaid(traces)}
    select k.id from said join completion k
      on k.message_id = said.id and k.conversation_id = said.conversation_id and k.workspace_id = ${traces.workspaceId}`);
  return rows.map(({ id }) => id);
};

const recordTables = [
  "completion_step",
  "tool_execution",
  "approval",
  "checkpoint",
  "checkpoint_write",
  "background_execution",
];

/**
 * What was recorded while such an answer was made: steps, tools with what went in and came out, questions, checkpoints.
 * Answers how much there was.
 */
export const deleteRecords = async (database: Database, traces: Traces): Promise<number> => {
  const { workspaceId } = traces;
  const ids = await listAnswering(database, traces);
  if (ids.length === 0) return 0;
  // a result is carried by whatever was answered next, and by copies of that
  await database.query(sql`
    with carried as (
      select carrier, array_agg(b.id) as ids from background_execution b cross join unnest(b.carried_by) carrier
      where b.workspace_id = ${workspaceId} and b.completion_id = any(${ids}) group by carrier)
    update message set parts = (
      select coalesce(jsonb_agg(part order by place), '[]') from jsonb_array_elements(message.parts) with ordinality as list(part, place)
      where part ->> 'type' <> 'data-natter-tool-result' or part -> 'data' ->> 'toolExecutionId' <> all (carried.ids))
    from carried where message.workspace_id = ${workspaceId} and message.id = carried.carrier`);
  const counts: number[] = [];
  for (const table of recordTables) {
    const gone = sql`delete from ${sql([table])} where workspace_id = ${workspaceId} and completion_id = any(${ids})`;
    counts.push(await countGone(database, gone));
  }
  const blank = sql`
    update completion set snapshot = null, error = null where workspace_id = ${workspaceId} and id = any(${ids})
      and (snapshot is not null or error is not null)`;
  return sum([...counts, await countGone(database, blank)]);
};
