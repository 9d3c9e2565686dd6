import { authorize } from "../auth/authorize.ts";
import { answer } from "../http/request/call.ts";
import type { HttpDependencies } from "../http/dependencies.ts";
import { route, type Route } from "../http/route.ts";
import { listOf } from "../http/openapi/schemas.ts";
import {
  adminCompletionsQuerySchema,
  adminConversationsQuerySchema,
  adminToolRunsQuerySchema,
  adminUsersQuerySchema,
} from "../protocol/admin/queries.ts";
import {
  adminCompletionSchema,
  adminConversationSchema,
  adminToolRunSchema,
  adminUserSchema,
} from "../protocol/admin/resources.ts";
import { listAdminCompletionRows } from "../store/admin/completion-rows.ts";
import { listAdminConversationRows } from "../store/admin/conversation-rows.ts";
import { listToolRunRows } from "../store/admin/tool-run-rows.ts";
import { listAdminUserRows } from "../store/admin/user-rows.ts";
import { toCompletion, toConversation, toToolRun, toUser } from "./describe.ts";
import { dateOf, pageOf } from "./page.ts";

const tag = "Administration";

const peopleLists = ({ context: { database } }: HttpDependencies): Route[] => [
  route({
    method: "get",
    path: "/v1/admin/users",
    summary: "Members of the workspace with what they have and have spent in it, the newest first",
    tag,
    query: adminUsersQuerySchema,
    answers: { 200: { description: "A page of them", schema: listOf(adminUserSchema) } },
    handle: async (call) => {
      authorize(call.principal, "administer", "workspace");
      const { suspended, role, text } = call.query;
      const filter = { workspaceId: call.principal.workspaceId, role, text, isSuspended: suspended };
      const page = await pageOf(call.query, (keyset) => listAdminUserRows(database, filter, keyset), toUser);
      return answer(call, 200, page);
    },
  }),
  route({
    method: "get",
    path: "/v1/admin/conversations",
    summary: "Conversations of everybody in the workspace, the newest first; nothing of what was said in them",
    tag,
    query: adminConversationsQuerySchema,
    answers: { 200: { description: "A page of them", schema: listOf(adminConversationSchema) } },
    handle: async (call) => {
      authorize(call.principal, "administer", "workspace");
      const { from, to, deleted, ...rest } = call.query;
      const { workspaceId } = call.principal;
      const filter = { ...rest, workspaceId, isDeleted: deleted, from: dateOf(from), to: dateOf(to) };
      const toItem = toConversation(call.principal);
      const page = await pageOf(call.query, (keyset) => listAdminConversationRows(database, filter, keyset), toItem);
      return answer(call, 200, page);
    },
  }),
];

const workLists = ({ context: { database } }: HttpDependencies): Route[] => [
  route({
    method: "get",
    path: "/v1/admin/completions",
    summary: "Completions of everybody in the workspace with what they cost, the newest first",
    tag,
    query: adminCompletionsQuerySchema,
    answers: { 200: { description: "A page of them", schema: listOf(adminCompletionSchema) } },
    handle: async (call) => {
      authorize(call.principal, "administer", "workspace");
      const { from, to, ...rest } = call.query;
      const filter = { ...rest, workspaceId: call.principal.workspaceId, from: dateOf(from), to: dateOf(to) };
      const toItem = toCompletion(call.principal);
      const page = await pageOf(call.query, (keyset) => listAdminCompletionRows(database, filter, keyset), toItem);
      return answer(call, 200, page);
    },
  }),
  route({
    method: "get",
    path: "/v1/admin/tool-runs",
    summary: "Calls of tools in the whole workspace, the newest first; not what went in and came out",
    tag,
    query: adminToolRunsQuerySchema,
    answers: { 200: { description: "A page of them", schema: listOf(adminToolRunSchema) } },
    handle: async (call) => {
      authorize(call.principal, "administer", "workspace");
      const { from, to, ...rest } = call.query;
      const filter = { ...rest, workspaceId: call.principal.workspaceId, from: dateOf(from), to: dateOf(to) };
      const page = await pageOf(call.query, (keyset) => listToolRunRows(database, filter, keyset), toToolRun);
      return answer(call, 200, page);
    },
  }),
];

/** The lists of the console, all by the same keyset. */
export const listRoutes = (dependencies: HttpDependencies): Route[] => [
  ...peopleLists(dependencies),
  ...workLists(dependencies),
];
