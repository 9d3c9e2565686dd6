import sql from "sql-template-tag";
import { scopeOf, type Action } from "../../src/auth/authorize.ts";
import { createId } from "../../src/foundation/ids.ts";
import { createKey } from "../../src/people/keys.ts";
import type { Database } from "../../src/ports/database.ts";
import { scopeSchema, type Role, type Scope } from "../../src/protocol/people/principal.ts";
import { createScriptedModel } from "../../src/testing/providers/scripted-model.ts";
import { createWeb, tokenFor, type Ask, type Web } from "../../src/testing/servers/web.ts";
import { accessRows } from "./rows.ts";
import { buildTarget, type Makers, type StateName, type Target } from "./states.ts";

/** Somebody who asks. */
export interface Caller {
  /** What their issuer calls them, or Natter's id where they come by a key. */
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a refused call said, to the byte, and whether it changed anything. */
export interface Said {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isUnchanged: boolean;
}

export interface World {
  readonly database: Database;
  readonly web: Web;
  readonly workspaceId: string;
  /** Somebody by a token: in the workspace of the world, another, or one that nobody decides. */
  caller(who: string, role: Role, workspaceId?: string | null): Promise<Caller>;
  /** The same, by a key of theirs. */
  keyOf(role: Role, scopes: readonly Scope[]): Promise<Caller>;
  build(state: StateName | undefined, visibility: "private" | "workspace"): Promise<Target>;
  call(name: string, target: Target, caller?: Caller): Promise<Response>;
  /** The same, to compare: with a request id that is always the same. */
  say(name: string, target: Target, caller?: Caller): Promise<Said>;
  close(): Promise<void>;
}

export const nobody: Caller = { name: "nobody", headers: {} };

/** The scope that an action needs, and all others. */
export const scopesFor = (action: Action): { needed: Scope; others: Scope[] } => {
  const needed = scopeOf[action];
  return { needed, others: scopeSchema.options.filter((scope) => scope !== needed) };
};

const fill = (path: string, target: Target, caller: Caller): string =>
  path.replaceAll(/\{(\w+)\}/g, (_all, key: string) =>
    path.startsWith("/v1/users/") && key === "userId"
      ? encodeURIComponent(caller.name)
      : (target[key] ?? "0190ffff-ffff-7fff-8fff-000000000000"),
  );

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** Everything that a refused call must not change. */
const stateOf = (database: Database, { conversationId = "" }: Target): Promise<unknown[]> =>
  database.query(sql`
    select (select count(*) from conversation) as conversations, (select count(*) from message) as messages,
      (select count(*) from completion) as completions, (select count(*) from vote) as votes,
      (select count(*) from invitation where used_at is null and revoked_at is null) as invitations,
      (select count(*) from api_key) as keys, (select count(*) from member where suspended_at is not null) as suspended,
      (select json_agg(c)::text from conversation c where c.id = ${conversationId}) as conversation,
      (select json_agg(m order by m.id)::text from message m where m.conversation_id = ${conversationId}) as its_messages,
      (select json_agg(c order by c.id)::text from completion c where c.conversation_id = ${conversationId}) as its_completions,
      (select json_agg(s order by s.id)::text from share s where s.conversation_id = ${conversationId}) as its_links,
      (select json_agg(v order by v.artifact_id, v.version)::text from artifact_version v join artifact a on a.id = v.artifact_id
        where a.conversation_id = ${conversationId}) as its_artifacts,
      (select json_agg(b order by b.id)::text from background_execution b where b.conversation_id = ${conversationId}) as its_tools,
      (select json_agg(a order by a.id)::text from approval a where a.conversation_id = ${conversationId}) as its_approvals,
      (select json_agg(t order by t.id)::text from tool_execution t join completion c on c.id = t.completion_id
        where c.conversation_id = ${conversationId}) as its_calls`);

const userIdOf = async (web: Web, { headers }: Caller): Promise<string> =>
  ((await (await web.ask("/v1/me", { headers })).json()) as { userId: string }).userId;

/** One workspace with people in it, over the whole HTTP surface. */
export const createWorld = async (database: Database): Promise<World> => {
  const model = createScriptedModel(() => []);
  const accounts = { signUp: "invited", setup: createId() } as const;
  const web = await createWeb({ database, model, accounts, dependencies: { limits: { answerMs: 20 } } });
  const workspaceId = createId();
  const prefix = createId();
  const caller: World["caller"] = async (who, role, workspace = workspaceId) => {
    const name = `${who}-${prefix}`;
    const place = workspace === null ? {} : { workspace };
    return { name, headers: bearer(await tokenFor({ subject: name, role, ...place })) };
  };
  const asking =
    (by: Caller) =>
    (path: string, ask: Ask = {}) =>
      web.ask(path, { ...ask, headers: { ...by.headers, ...ask.headers } });
  const owner = await caller("owner", "member");
  const ownerId = await userIdOf(web, owner);
  const makers: Makers = {
    database,
    workspaceId,
    owner: asking(owner),
    admin: asking(await caller("boss", "admin")),
    newMember: async () => userIdOf(web, await caller(createId(), "member")),
  };
  const call: World["call"] = async (name, target, by = nobody) => {
    const [method = "", path = ""] = name.split(" ");
    const body = accessRows[name]?.body?.(target);
    const response = await web.ask(`${fill(path, target, by)}${accessRows[name]?.query ?? ""}`, {
      method: method.toUpperCase(),
      headers: { ...by.headers, "x-request-id": "the-same-request" },
      ...(body === undefined ? {} : { body }),
    });
    if (response.headers.get("content-type")?.startsWith("text/event-stream")) await response.body?.cancel();
    return response;
  };
  return {
    database,
    web,
    workspaceId,
    caller,
    async keyOf(role, scopes) {
      const userId = await userIdOf(web, await caller(`${role}-${createId()}`, role));
      const { key } = await createKey(database, { workspaceId, userId }, { name: "test", scopes });
      return { name: userId, headers: bearer(key) };
    },
    async build(state = "plain", visibility) {
      // a token with another role may have been the last one that was kept
      await database.query(
        sql`update member set role = 'member' where workspace_id = ${workspaceId} and user_id = ${ownerId}`,
      );
      return buildTarget(makers, state, visibility);
    },
    call,
    async say(name, target, by = nobody) {
      const before = JSON.stringify(await stateOf(database, target));
      const response = await call(name, target, by);
      const isUnchanged = before === JSON.stringify(await stateOf(database, target));
      const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") === true;
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: isStream ? "" : await response.text(),
        isUnchanged,
      };
    },
    close: () => web.close(),
  };
};
