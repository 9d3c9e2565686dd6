import type { HttpDependencies } from "../http/dependencies.ts";
import type { Route } from "../http/route.ts";
import { toAuditEntry } from "../people/audit.ts";
import { adminAuditEntrySchema } from "../protocol/admin/audit.ts";
import {
  adminAuditQuerySchema,
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
import { listAuditRows } from "../store/identity/audit-rows.ts";
import { toCompletion, toConversation, toToolRun, toUser } from "./describe.ts";
import { listRoute } from "./list-route.ts";
import { spanOf } from "./page.ts";

const peopleLists = ({ context: { database } }: HttpDependencies): Route[] => [
  listRoute({
    name: "users",
    summary: "Members of the workspace with what they have and have spent in it, the newest first",
    query: adminUsersQuerySchema,
    item: adminUserSchema,
    source: ({ suspended, ...query }, { workspaceId }) => ({
      list: (keyset) => listAdminUserRows(database, { ...query, workspaceId, isSuspended: suspended }, keyset),
      toItem: toUser,
    }),
  }),
  listRoute({
    name: "conversations",
    summary: "Conversations of everybody in the workspace, the newest first, without what was said in them",
    query: adminConversationsQuerySchema,
    item: adminConversationSchema,
    source: ({ deleted, ...query }, principal) => {
      const filter = { ...query, ...spanOf(query), workspaceId: principal.workspaceId, isDeleted: deleted };
      return {
        list: (keyset) => listAdminConversationRows(database, filter, keyset),
        toItem: toConversation(principal),
      };
    },
  }),
  listRoute({
    name: "audit",
    summary: "Who did what to whom in the workspace, the newest first",
    action: "audit",
    query: adminAuditQuerySchema,
    item: adminAuditEntrySchema,
    source: (query, { workspaceId }) => ({
      list: (keyset) => listAuditRows(database, { ...query, ...spanOf(query), workspaceId }, keyset),
      toItem: (row) => ({ ...toAuditEntry(row), actorName: row.actor_name, subjectName: row.subject_name }),
    }),
  }),
];

const workLists = ({ context: { database } }: HttpDependencies): Route[] => [
  listRoute({
    name: "completions",
    summary: "Completions of everybody in the workspace with what they cost, the newest first",
    query: adminCompletionsQuerySchema,
    item: adminCompletionSchema,
    source: (query, principal) => {
      const filter = { ...query, ...spanOf(query), workspaceId: principal.workspaceId };
      return { list: (keyset) => listAdminCompletionRows(database, filter, keyset), toItem: toCompletion(principal) };
    },
  }),
  listRoute({
    name: "tool-runs",
    summary: "Calls of tools in the whole workspace, the newest first, without what went in and came out",
    query: adminToolRunsQuerySchema,
    item: adminToolRunSchema,
    source: (query, { workspaceId }) => ({
      list: (keyset) => listToolRunRows(database, { ...query, ...spanOf(query), workspaceId }, keyset),
      toItem: toToolRun,
    }),
  }),
];

/** The lists of the console, all by the same keyset. */
export const listRoutes = (dependencies: HttpDependencies): Route[] => [
  ...peopleLists(dependencies),
  ...workLists(dependencies),
];
