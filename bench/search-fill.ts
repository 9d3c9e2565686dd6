import sql from "sql-template-tag";
import { writeDue } from "../src/conversations/search/write-due.ts";
import { silentLogger } from "../src/foundation/logger.ts";
import type { Database } from "../src/ports/database.ts";
import { createPrincipal } from "../src/testing/spine.ts";
import type { Principal } from "../src/protocol/people/principal.ts";

/** Who looks: one that has nearly all messages, one that has one in a hundred, one that has none and sees what is shared. */
export interface Viewers {
  readonly most: Principal;
  readonly few: Principal;
  readonly shared: Principal;
}

interface Span {
  readonly first: number;
  readonly last: number;
}

const perConversation = 50;
const batch = 100;
/** Characters of one message in a thousand; the others have 60 words, or 400 as answers do. */
const longest = 100_000;

const insertConversations = (database: Database, { most, few }: Viewers, { first, last }: Span): Promise<unknown> =>
  database.query(sql`
    insert into conversation (workspace_id, id, owner_id, agent, title, next_sequence, message_count, active_leaf_id, updated_at,
      visibility, pinned, status, answered_at, seen_at)
    select ${most.workspaceId}, 'conversation-' || i, case when i % 100 = 5 then ${few.userId} else ${most.userId} end, 'default',
      'Talk number ' || i || case when i % 700 = 3 then ' about whales' else '' end, ${perConversation + 1}, ${perConversation},
      'message-' || i || '-' || ${perConversation}::int, now() - make_interval(mins => i),
      case when i % 100 = 6 then 'workspace' else 'private' end, i % 300 = 2, case when i % 400 = 4 then 'archived' else 'active' end,
      now() - interval '1 day', case when i % 300 = 7 then '-infinity' else now() end
    from generate_series(${first}::int, ${last}::int) i`);

const insertMessages = (database: Database, { most }: Viewers, span: Span, conversations: number): Promise<unknown> =>
  database.query(sql`
    insert into message (workspace_id, conversation_id, id, parent_id, sequence, role, parts, created_at)
    select ${most.workspaceId}, 'conversation-' || i, 'message-' || i || '-' || s, case when s > 1 then 'message-' || i || '-' || (s - 1) end, s,
      case when s % 2 = 1 then 'user' else 'assistant' end,
      jsonb_build_array(jsonb_build_object('type', 'text', 'text', 'This is the number ' || i || ' of word' || (i * 50 + s) % 100
        || case when (i * 50 + s) % 3000 = 31 then ' rare31 🦩' else '' end
        || case when i > ${conversations}::int / 2 and s % 5 = 0 then ' yesteryear' else '' end
        || case when s % 10 = 7 then ' 東京' || s || 'で日本語を学ぶ' else '' end || ' '
        || (select string_agg('w' || (i * 31 + s * 17 + k * k * 7) % 2000 || ' and', ' ')
            from generate_series(1, case when s % 4 = 0 then 200 else 30 end) k)
        || case when (i * 50 + s) % 1000 = 11 then ' lengthy ' || left(repeat('some of the words that make a long text ', 3000), ${longest}) else '' end)),
      now() - make_interval(mins => i, secs => ${perConversation}::int - s)
    from generate_series(${span.first}::int, ${span.last}::int) i cross join generate_series(1, ${perConversation}::int) s`);

/** Fills a workspace of its own; answers who looks at it, and the milliseconds that it took to make it searchable. */
export const fill = async (
  database: Database,
  messages: number,
): Promise<{ viewers: Viewers; writeMilliseconds: number }> => {
  const most = await createPrincipal(database);
  const join = async (): Promise<Principal> => ({
    ...(await createPrincipal(database)),
    workspaceId: most.workspaceId,
  });
  const viewers = { most, few: await join(), shared: await join() };
  const conversations = messages / perConversation;
  let writeMilliseconds = 0;
  for (let first = 1; first <= conversations; first += batch) {
    const span = { first, last: Math.min(first + batch - 1, conversations) };
    await database.transaction(async () => {
      await insertConversations(database, viewers, span);
      await insertMessages(database, viewers, span, conversations);
    });
    const start = performance.now();
    await writeDue(database, silentLogger);
    writeMilliseconds += performance.now() - start;
  }
  return { viewers, writeMilliseconds };
};
