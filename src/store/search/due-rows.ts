import sql from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import { longestText } from "./search-rows.ts";

/** What is to be written anew; without a message: a title. */
export interface DueRow {
  readonly workspace_id: string;
  readonly conversation_id: string;
  readonly message_id: string | null;
}

/** Something that may be found. */
export interface SearchableRow extends DueRow {
  readonly owner_id: string;
  readonly visibility: "private" | "workspace";
  readonly text: string;
}

/** An entry of the index. */
export interface SearchEntry extends DueRow {
  readonly scope: string;
  /** With blanks between them; sorted ones are stored in half the time. */
  readonly words: string;
}

export const hasDue = async (database: Database): Promise<boolean> => {
  const [row] = await database.query<{ has_due: boolean }>(sql`select exists (select 1 from search_due) as has_due`);
  return row?.has_due === true;
};

/** Takes what is due longest; nothing while another process does. Of the transaction that writes it. */
export const takeDue = (database: Database, limit: number): Promise<DueRow[]> =>
  database.query(sql`
    with turn as materialized (select pg_try_advisory_xact_lock(hashtext('search_due')) as is_ours),
    longest as materialized (select id from search_due, turn where is_ours order by id limit ${limit})
    delete from search_due due using longest where due.id = longest.id
    returning due.workspace_id, due.conversation_id, due.message_id`);

/** Drops what has been due longest: it can't be written. */
export const dropDue = (database: Database): Promise<DueRow[]> =>
  database.query(sql`
    delete from search_due where id = (select min(id) from search_due) returning workspace_id, conversation_id, message_id`);

/** What messages and titles say now, of those that may be found at all. */
export const readSearchable = (database: Database, due: readonly DueRow[]): Promise<SearchableRow[]> =>
  database.query(sql`
    select distinct c.workspace_id, c.id as conversation_id, m.id as message_id, c.owner_id, c.visibility,
      case when due.message_id is null then c.title else left(message_text(m.parts), ${longestText}) end as text
    from unnest(${due.map((row) => row.workspace_id)}::text[], ${due.map((row) => row.conversation_id)}::text[],
      ${due.map((row) => row.message_id ?? "")}::text[]) as row (workspace_id, conversation_id, named)
    cross join lateral (select nullif(row.named, '') as message_id) due
    join conversation c on c.id = row.conversation_id and c.workspace_id = row.workspace_id
    left join message m on m.id = due.message_id and m.conversation_id = c.id and m.workspace_id = c.workspace_id
    where not c.temporary and (m.id is null) = (due.message_id is null) and m.deleted_at is null
      and coalesce(case when due.message_id is null then c.title else message_text(m.parts) end, '') <> ''`);

const given = (entries: readonly SearchEntry[]) => sql`
  jsonb_to_recordset(${JSON.stringify(entries)}::jsonb)
    as entry (workspace_id text, conversation_id text, message_id text, scope text, words text)`;

const vector = sql`array_to_tsvector(string_to_array(entry.words, ' '))`;

/** Writes entries of messages and of titles over what there was. */
export const writeEntries = async (database: Database, entries: readonly SearchEntry[]): Promise<void> => {
  const messages = entries.filter(({ message_id: id }) => id !== null);
  const titles = entries.filter(({ message_id: id }) => id === null);
  if (messages.length > 0) {
    await database.query(sql`
      insert into message_search (workspace_id, conversation_id, message_id, scope, created_at, words)
      select m.workspace_id, m.conversation_id, m.id, entry.scope, m.created_at, ${vector} from ${given(messages)}
      join message m on m.id = entry.message_id and m.conversation_id = entry.conversation_id and m.workspace_id = entry.workspace_id
      on conflict (message_id, conversation_id, workspace_id) do update set scope = excluded.scope, words = excluded.words`);
  }
  if (titles.length > 0) {
    await database.query(sql`
      insert into title_search (workspace_id, conversation_id, words)
      select c.workspace_id, c.id, ${vector} from ${given(titles)}
      join conversation c on c.id = entry.conversation_id and c.workspace_id = entry.workspace_id
      on conflict (conversation_id, workspace_id) do update set words = excluded.words`);
  }
};
