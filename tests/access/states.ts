import sql from "sql-template-tag";
import { createId } from "../../src/foundation/ids.ts";
import type { Database } from "../../src/ports/database.ts";
import type { Message } from "../../src/protocol/resources.ts";
import { insertTestDelivery } from "../../src/store/webhook/delivery-rows.ts";
import type { Ask } from "../../src/testing/servers/web.ts";

/** What a call is about, by the names of path parameters; a name that nothing set is of nothing. */
export type Target = Readonly<Record<string, string>>;

/** Asks as the owner of what is made, a member of the workspace, or as somebody else there. */
export interface Makers {
  readonly database: Database;
  readonly workspaceId: string;
  owner(path: string, ask?: Ask): Promise<Response>;
  admin(path: string, ask?: Ask): Promise<Response>;
  /** Natter's id of somebody new who is a member. */
  newMember(): Promise<string>;
}

type Build = (makers: Makers, conversationId: string) => Promise<Target>;

const message = { text: "hello" };
const file = { parts: [{ type: "file", url: "data:text/plain;base64,aGVsbG8=" }] };

const append = async ({ owner }: Makers, conversationId: string, content: object = message): Promise<Message> => {
  const added = await owner(`/v1/conversations/${conversationId}/messages`, {
    body: { message: { id: createId(), ...content } },
  });
  return (await added.json()) as Message;
};

const ask = async ({ owner }: Makers, conversationId: string) => {
  const id = createId();
  const path = `/v1/conversations/${conversationId}/completions`;
  const started = await owner(path, { body: { message: { id, ...message } } });
  const { completionId, messageId } = (await started.json()) as { completionId: string; messageId: string };
  return { completionId, messageId: id, answerId: messageId };
};

/** A background tool of an answer, in this status. */
const putTool = async (makers: Makers, conversationId: string, status: "queued" | "failed"): Promise<Target> => {
  const { completionId, answerId } = await ask(makers, conversationId);
  const toolExecutionId = createId();
  await makers.database.query(sql`
    insert into background_execution (workspace_id, id, conversation_id, completion_id, message_id, call_id, user_id, agent, tool, input, secret, status)
    select workspace_id, ${toolExecutionId}, ${conversationId}, ${completionId}, ${answerId}, 'call', requested_by, agent, 'work', '{}', 'secret', ${status}
    from completion where id = ${completionId}`);
  return { toolExecutionId, completionId, messageId: answerId };
};

const builds = {
  plain: async (makers, conversationId) => ({ messageId: (await append(makers, conversationId)).id }),
  queued: async (makers, conversationId) => {
    const { completionId, messageId } = await ask(makers, conversationId);
    return { completionId, messageId };
  },
  answer: async (makers, conversationId) => {
    const { completionId, answerId } = await ask(makers, conversationId);
    return { completionId, messageId: answerId };
  },
  deleted: async (makers, conversationId) => {
    const { id } = await append(makers, conversationId);
    await makers.owner(`/v1/conversations/${conversationId}`, { method: "DELETE" });
    return { messageId: id };
  },
  attached: async (makers, conversationId) => {
    const { id, parts } = await append(makers, conversationId, file);
    const [part] = parts;
    return { messageId: id, attachmentId: part?.type === "file" ? part.url.split("/").at(-1)! : "" };
  },
  linked: async (makers, conversationId) => {
    await append(makers, conversationId);
    const made = await makers.owner(`/v1/conversations/${conversationId}/shares`, { body: {} });
    return { shareId: ((await made.json()) as { id: string }).id };
  },
  written: async ({ owner }, conversationId) => {
    const body = { kind: "document", title: "Tea", content: "# Tea" };
    const made = await owner(`/v1/conversations/${conversationId}/artifacts`, { body });
    return { artifactId: ((await made.json()) as { id: string }).id, version: "1" };
  },
  "tool at work": (makers, conversationId) => putTool(makers, conversationId, "queued"),
  "tool that failed": (makers, conversationId) => putTool(makers, conversationId, "failed"),
  asked: async (makers, conversationId) => {
    const { completionId, messageId } = await ask(makers, conversationId);
    const { database, workspaceId } = makers;
    const [approvalId, toolExecutionId] = [createId(), createId()];
    await database.query(sql`update completion set status = 'waiting', fence = 1 where id = ${completionId}`);
    await database.query(sql`
      insert into approval (workspace_id, id, conversation_id, completion_id, call_id, agent, tool, input, input_hash, user_id, expires_at)
      select ${workspaceId}, ${approvalId}, ${conversationId}, ${completionId}, 'one', agent, 'refund', '{}', 'hash', requested_by, now() + interval '1 hour'
      from completion where id = ${completionId}`);
    await database.query(sql`
      insert into tool_execution (workspace_id, completion_id, call_id, step, tool, input, id, kind, status, fence, starts, expires_at)
      values (${workspaceId}, ${completionId}, 'two', 1, 'askPerson', '{}', ${toolExecutionId}, 'client', 'waiting', 1, 0, now() + interval '1 hour')`);
    return { completionId, messageId, approvalId, toolExecutionId };
  },
  "always allowed": async (makers, conversationId) => {
    const asked: Target = await builds.asked(makers, conversationId);
    await makers.database.query(sql`
      update approval set decision = 'always', decided_at = now() where id = ${asked["approvalId"]}`);
    return asked;
  },
  budgeted: async ({ database, workspaceId }) => {
    const budgetId = createId();
    // one a period: an earlier one is in the way
    await database.query(sql`delete from budget where workspace_id = ${workspaceId}`);
    await database.query(sql`
      insert into budget (workspace_id, id, scope, period, limit_tokens, created_by)
      values (${workspaceId}, ${budgetId}, 'workspace', 'day', 1000000, 'somebody')`);
    return { budgetId };
  },
  hooked: async ({ database, workspaceId }) => {
    const [webhookId, deliveryId] = [createId(), createId()];
    await database.query(sql`
      insert into webhook (workspace_id, id, url, events, secret) values (${workspaceId}, ${webhookId}, 'https://example.com/', '[]', 'whsec_AAAA')`);
    await insertTestDelivery(database, { workspaceId, id: webhookId, eventId: deliveryId });
    return { webhookId, deliveryId };
  },
  member: async ({ newMember }) => ({ userId: await newMember() }),
  invited: async ({ admin, workspaceId }) => {
    const made = await admin(`/v1/workspaces/${workspaceId}/invitations`, { body: {} });
    const { id, token } = (await made.json()) as { id: string; token: string };
    return { invitationId: id, invitationToken: token };
  },
} satisfies Record<string, Build>;

export type StateName = keyof typeof builds;

/** Makes a conversation, or what else there is to act on, in the makers' workspace. */
export const buildTarget = async (
  makers: Makers,
  state: StateName,
  visibility: "private" | "workspace",
): Promise<Target> => {
  const conversationId = createId();
  await makers.owner("/v1/conversations", { body: { id: conversationId, visibility } });
  const made: Target = await builds[state](makers, conversationId);
  return { conversationId, workspaceId: makers.workspaceId, ...made };
};
