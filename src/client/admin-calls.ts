import type {
  AdminCompletion,
  AdminConversation,
  AdminQueue,
  AdminTimeline,
  AdminToolRun,
  AdminUsage,
  AdminUser,
} from "../protocol/admin/resources.ts";
import type { Accepted, Page } from "./bodies.ts";
import type { QueryValue, Requester } from "./requester.ts";

/** Filters by the names that `GET /v1/admin/…` gives them, `cursor` and `limit` among them. */
export type AdminQuery = Readonly<Record<string, QueryValue>>;

/** Who did what to whom. */
export interface AuditEntry {
  readonly id: string;
  readonly at: string;
  /** Null: the server, or its operator. */
  readonly actorId: string | null;
  readonly keyId: string | null;
  readonly subjectId: string | null;
  /** Noun and verb, as `member.suspend`. */
  readonly action: string;
  readonly target: string | null;
  readonly details: Readonly<Record<string, unknown>>;
  readonly ip: string | null;
  readonly requestId: string | null;
}

/** What owners and admins see of their workspace as a whole, and do for it. */
export const adminCalls = ({ json, response }: Requester) => ({
  users: (query: AdminQuery = {}): Promise<Page<AdminUser>> => json("/v1/admin/users", { query }),
  conversations: (query: AdminQuery = {}): Promise<Page<AdminConversation>> =>
    json("/v1/admin/conversations", { query }),
  completions: (query: AdminQuery = {}): Promise<Page<AdminCompletion>> => json("/v1/admin/completions", { query }),
  /** What happened to one completion; nothing of what was said in it. */
  timeline: (completionId: string): Promise<AdminTimeline> => json(`/v1/admin/completions/${completionId}`),
  cancel: (completionId: string): Promise<AdminCompletion> =>
    json(`/v1/admin/completions/${completionId}/cancel`, { method: "POST" }),
  /** Answers the same message again, in the name of whoever asked. */
  retry: (completionId: string): Promise<Accepted> =>
    json(`/v1/admin/completions/${completionId}/retry`, { method: "POST" }),
  toolRuns: (query: AdminQuery = {}): Promise<Page<AdminToolRun>> => json("/v1/admin/tool-runs", { query }),
  usage: (query: AdminQuery = {}): Promise<AdminUsage> => json("/v1/admin/usage", { query }),
  usageCsv: async (query: AdminQuery = {}): Promise<Blob> =>
    (await response("/v1/admin/usage", { query: { ...query, format: "csv" } })).blob(),
  queue: (): Promise<AdminQueue> => json("/v1/admin/queue"),
  audit: (query: AdminQuery = {}): Promise<Page<AuditEntry>> => json("/v1/admin/audit", { query }),
});
