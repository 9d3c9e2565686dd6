import type { AdminAuditEntry } from "../../protocol/admin/audit.ts";
import type { AdminChunks } from "../../protocol/admin/chunks.ts";
import type { AdminOverview, AdminQueue, AdminUsage } from "../../protocol/admin/figures.ts";
import type { AdminServer } from "../../protocol/admin/server.ts";
import type {
  AdminCompletion,
  AdminConversation,
  AdminKey,
  AdminTimeline,
  AdminToolRun,
  AdminUser,
} from "../../protocol/admin/resources.ts";
import type { Erasure } from "../../protocol/people/erasure.ts";
import type { Accepted } from "../../protocol/accepted.ts";
import type { Page } from "../../protocol/page.ts";
import type { QueryValue, Requester } from "../requests/requester.ts";

/** Filters by the names that `GET /v1/admin/…` gives them, `cursor` and `limit` among them. */
export type AdminQuery = Readonly<Record<string, QueryValue>>;

/** What can be had as CSV. */
export type AdminList = "users" | "conversations" | "completions" | "tool-runs" | "audit" | "usage";

const keysPath = (userId: string): string => `/v1/admin/users/${encodeURIComponent(userId)}/keys`;

/** What owners and admins see of their workspace as a whole, and do for it. */
export const adminCalls = ({ json, response }: Requester) => ({
  users: (query: AdminQuery = {}): Promise<Page<AdminUser>> => json("/v1/admin/users", { query }),
  /** The keys of a member that are not revoked, newest first. */
  keys: (userId: string): Promise<Page<AdminKey>> => json(keysPath(userId)),
  revokeKey: async (userId: string, keyId: string): Promise<void> =>
    void (await response(`${keysPath(userId)}/${keyId}`, { method: "DELETE" })),
  /** Erases somebody, for good; a successor becomes owner where they are the only one and others are there. */
  eraseUser: (userId: string, query: { readonly successorId?: string } = {}): Promise<Erasure> =>
    json(`/v1/admin/users/${encodeURIComponent(userId)}`, { method: "DELETE", query: { ...query } }),
  conversations: (query: AdminQuery = {}): Promise<Page<AdminConversation>> =>
    json("/v1/admin/conversations", { query }),
  completions: (query: AdminQuery = {}): Promise<Page<AdminCompletion>> => json("/v1/admin/completions", { query }),
  /** What happened to one completion; nothing of what was said in it. */
  timeline: (completionId: string): Promise<AdminTimeline> => json(`/v1/admin/completions/${completionId}`),
  /** Its chunks as they are stored, from a position on. */
  chunks: (completionId: string, query: AdminQuery = {}): Promise<AdminChunks> =>
    json(`/v1/admin/completions/${completionId}/chunks`, { query }),
  cancel: (completionId: string): Promise<AdminCompletion> =>
    json(`/v1/admin/completions/${completionId}/cancel`, { method: "POST" }),
  /** Answers the same message again, in the name of whoever asked. */
  retry: (completionId: string): Promise<Accepted> =>
    json(`/v1/admin/completions/${completionId}/retry`, { method: "POST" }),
  toolRuns: (query: AdminQuery = {}): Promise<Page<AdminToolRun>> => json("/v1/admin/tool-runs", { query }),
  usage: (query: AdminQuery = {}): Promise<AdminUsage> => json("/v1/admin/usage", { query }),
  /** Everything of a list, or of usage, that fits the filters, as CSV. */
  csv: async (list: AdminList, query: AdminQuery = {}): Promise<Blob> =>
    (await response(`/v1/admin/${list}`, { query: { ...query, format: "csv" } })).blob(),
  overview: (query: AdminQuery = {}): Promise<AdminOverview> => json("/v1/admin/overview", { query }),
  queue: (): Promise<AdminQueue> => json("/v1/admin/queue"),
  /** The server itself: what it runs on, and how it is. */
  server: (): Promise<AdminServer> => json("/v1/admin/server"),
  audit: (query: AdminQuery = {}): Promise<Page<AdminAuditEntry>> => json("/v1/admin/audit", { query }),
});
