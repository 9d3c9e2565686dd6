import sql, { type Sql } from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import { conversationOf, says, visible, type SearchTerms } from "./search-rows.ts";

export interface FoundConversationRow {
  readonly id: string;
  readonly title: string;
  readonly updated_at: Date;
}

/** So many of the conversations that went on last are looked through for words that stand in many titles. */
const probed = 200;

const newestFirst = sql`order by c.updated_at desc, c.id desc`;
const columns = sql`c.id, c.title, c.updated_at`;

const newest = (terms: SearchTerms, where: Sql): Sql => sql`
  (select * from conversation c where c.workspace_id = ${terms.workspaceId} and c.deleted_at is null and ${where} ${newestFirst} limit ${probed})`;

const amongNewest = (terms: SearchTerms, limit: number): Sql => sql`
  select ${columns} from (
    ${newest(terms, sql`c.owner_id = ${terms.viewerId}`)}
    union all ${newest(terms, sql`c.visibility = 'workspace' and c.owner_id <> ${terms.viewerId}`)}) c
  join title_search s on s.conversation_id = c.id and s.workspace_id = c.workspace_id
  where ${says(terms.all)} and ${visible(terms)} ${newestFirst} limit ${limit}`;

const byIndex = (terms: SearchTerms, limit: number): Sql => sql`
  with hits as materialized (select * from title_search s where s.words @@ ${terms.all}::tsquery)
  select ${columns} from hits s ${conversationOf(terms)} ${newestFirst} limit ${limit}`;

/** Conversations whose title says it and that the viewer may see, by last update. */
export const searchTitles = async (
  database: Database,
  terms: SearchTerms,
  limit: number,
): Promise<FoundConversationRow[]> => {
  const found = await database.query<FoundConversationRow>(amongNewest(terms, limit));
  return found.length < limit ? database.query<FoundConversationRow>(byIndex(terms, limit)) : found;
};
