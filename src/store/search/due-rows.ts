import sql, { type Sql } from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import { longestText } from "./search-rows.ts";

/** What is to be written anew; without a message: a title. */
export interface DueRow {
  readonly workspace_id: string;
  readonly conversation_id: string;
  readonly message_id: string | null;
}

/** What was taken, by its place in the queue. */
export interface TakenRow extends DueRow {
  readonly id: number;
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

/**
 * Takes what is due longest; nothing while another process does. Of the transaction that writes it, which no disk is
 * waited for: what a crash loses is due again.
 */
export const takeDue = (database: Database, limit: number): Promise<TakenRow[]> =>
  database.query(sql`
    with turn as materialized (
      select pg_try_advisory_xact_lock(hashtext('search_due')) as is_ours, set_config('synchronous_commit', 'off', true)),
    longest as materialized (select id from search_due, turn where is_ours order by id limit ${limit})
    delete from search_due due using longest where due.id = longest.id
    returning due.id, due.workspace_id, due.conversation_id, due.message_id`);

/** Drops what is due and can't be written; nothing when somebody else has dealt with it. */
export const dropDue = (database: Database, id: number): Promise<DueRow[]> =>
  database.query(sql`
    delete from search_due where id = ${id} returning workspace_id, conversation_id, message_id`);

/** Tells what is due apart. */
export const keyOf = ({ workspace_id, conversation_id, message_id }: DueRow): string =>
  JSON.stringify([workspace_id, conversation_id, message_id]);

const named = (rows: readonly DueRow[]): Sql => sql`
  unnest(${rows.map((row) => row.workspace_id)}::text[], ${rows.map((row) => row.conversation_id)}::text[],
    ${rows.map((row) => row.message_id ?? "")}::text[]) as due (workspace_id, conversation_id, message_id)`;

const readMessages = (database: Database, due: readonly DueRow[]): Promise<SearchableRow[]> =>
  database.query(sql`
    select m.workspace_id, m.conversation_id, m.id as message_id, c.owner_id, c.visibility,
      coalesce(left(message_text(m.parts), ${longestText}), '') as text
    from ${named(due)}
    join message m on m.id = due.message_id and m.conversation_id = due.conversation_id and m.workspace_id = due.workspace_id
    join conversation c on c.id = due.conversation_id and c.workspace_id = due.workspace_id
    where m.deleted_at is null and not c.temporary`);

const readTitles = (database: Database, due: readonly DueRow[]): Promise<SearchableRow[]> =>
  database.query(sql`
    select c.workspace_id, c.id as conversation_id, null as message_id, c.owner_id, c.visibility, c.title as text
    from ${named(due)} join conversation c on c.id = due.conversation_id and c.workspace_id = due.workspace_id
    where c.title is not null and not c.temporary`);

/** What messages and titles say now, of those that may be found at all. */
export const readSearchable = async (database: Database, due: readonly DueRow[]): Promise<SearchableRow[]> => {
  const once = [...new Map(due.map((row) => [keyOf(row), row])).values()];
  const messages = once.filter(({ message_id: id }) => id !== null);
  const titles = once.filter(({ message_id: id }) => id === null);
  return [
    ...(messages.length === 0 ? [] : await readMessages(database, messages)),
    ...(titles.length === 0 ? [] : await readTitles(database, titles)),
  ];
};

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

/** Deletes entries of messages and of titles. */
export const deleteEntries = async (database: Database, keys: readonly DueRow[]): Promise<void> => {
  const messages = keys.filter(({ message_id: id }) => id !== null);
  const titles = keys.filter(({ message_id: id }) => id === null);
  if (messages.length > 0) {
    await database.query(sql`
      delete from message_search s using ${named(messages)}
      where s.message_id = due.message_id and s.conversation_id = due.conversation_id and s.workspace_id = due.workspace_id`);
  }
  if (titles.length > 0) {
    await database.query(sql`
      delete from title_search s using ${named(titles)}
      where s.conversation_id = due.conversation_id and s.workspace_id = due.workspace_id`);
  }
};
