import type { Action } from "../../src/auth/authorize.ts";
import type { StateName, Target } from "./states.ts";

/** What is expected of one route. */
export interface AccessRow {
  /** What the one decision is asked for. */
  readonly action: Action;
  /** Status when it says yes. */
  readonly yes: number;
  readonly query?: string;
  readonly body?: (target: Target) => unknown;
  /** What there is to act on; default: a conversation with one message and nothing to do. */
  readonly state?: StateName;
  /** `key`: only by a service key. `guest`: by somebody whose workspace nobody decides. Default: by a token. */
  readonly by?: "key" | "guest";
  /** It also makes something in one's own workspace. */
  readonly alsoCreates?: true;
}

const message = { text: "hello" };

/** Every guarded route, one line each. A route that is missing here, or here only, fails the first test. */
export const accessRows: Readonly<Record<string, AccessRow>> = {
  "post /v1/chat": {
    action: "send",
    yes: 200,
    alsoCreates: true,
    body: ({ conversationId }) => ({ conversationId, message }),
  },
  "get /v1/chat/{conversationId}/stream": { action: "read", yes: 204 },
  "post /v1/chat/{conversationId}/stop": { action: "cancel", yes: 204 },
  "get /v1/conversations": { action: "account", yes: 200 },
  "post /v1/conversations": { action: "create", yes: 201, body: () => ({}) },
  "get /v1/conversations/{conversationId}": { action: "read", yes: 200 },
  "patch /v1/conversations/{conversationId}": { action: "change", yes: 200, body: () => ({ title: "Other" }) },
  "delete /v1/conversations/{conversationId}": { action: "remove", yes: 204 },
  "post /v1/conversations/{conversationId}/restore": { action: "restore", yes: 200, state: "deleted" },
  "post /v1/conversations/{conversationId}/title": { action: "change", yes: 202 },
  "get /v1/conversations/{conversationId}/map": { action: "read", yes: 200 },
  "post /v1/conversations/{conversationId}/fork": { action: "read", yes: 201, alsoCreates: true, body: () => ({}) },
  "get /v1/conversations/{conversationId}/messages": { action: "read", yes: 200 },
  "post /v1/conversations/{conversationId}/messages": { action: "send", yes: 201, body: () => ({ message }) },
  "get /v1/conversations/{conversationId}/messages/{messageId}": { action: "read", yes: 200 },
  "delete /v1/conversations/{conversationId}/messages/{messageId}": { action: "remove", yes: 204 },
  "post /v1/conversations/{conversationId}/messages/{messageId}/edits": {
    action: "send",
    yes: 200,
    body: () => ({ message }),
  },
  "get /v1/conversations/{conversationId}/messages/{messageId}/vote": { action: "read", yes: 200, state: "answer" },
  "put /v1/conversations/{conversationId}/messages/{messageId}/vote": {
    action: "send",
    yes: 200,
    body: () => ({ value: "up" }),
    state: "answer",
  },
  "delete /v1/conversations/{conversationId}/messages/{messageId}/vote": { action: "send", yes: 204, state: "answer" },
  "get /v1/conversations/{conversationId}/waiting-sends": { action: "read", yes: 200 },
  "patch /v1/waiting-sends/{completionId}": { action: "send", yes: 204, body: () => ({ message }), state: "queued" },
  "delete /v1/waiting-sends/{completionId}": { action: "send", yes: 204, state: "queued" },
  "post /v1/waiting-sends/{completionId}/send-now": { action: "send", yes: 204, state: "queued" },
  "post /v1/conversations/{conversationId}/completions": { action: "send", yes: 202, body: () => ({ message }) },
  "get /v1/conversations/{conversationId}/completions": { action: "read", yes: 200 },
  "get /v1/conversations/{conversationId}/events": { action: "read", yes: 200 },
  "get /v1/events": { action: "account", yes: 200 },
  "get /v1/live": { action: "account", yes: 426 },
  "get /v1/ws": { action: "account", yes: 426 },
  "get /v1/completions/{completionId}": { action: "read", yes: 200, state: "queued" },
  "get /v1/completions/{completionId}/events": { action: "read", yes: 200, state: "queued" },
  "post /v1/completions/{completionId}/cancel": { action: "cancel", yes: 200, state: "queued" },
  "post /v1/completions/{completionId}/retry": { action: "send", yes: 202, state: "queued" },
  "get /v1/conversations/{conversationId}/tool-executions": { action: "read", yes: 200 },
  "get /v1/tool-executions/{toolExecutionId}": { action: "read", yes: 200, state: "tool at work" },
  "post /v1/tool-executions/{toolExecutionId}/cancel": { action: "cancel", yes: 200, state: "tool at work" },
  "post /v1/tool-executions/{toolExecutionId}/retry": { action: "approve", yes: 202, state: "tool that failed" },
  "get /v1/conversations/{conversationId}/questions": { action: "read", yes: 200, state: "asked" },
  "get /v1/conversations/{conversationId}/always-allowed": { action: "read", yes: 200, state: "always allowed" },
  "get /v1/approvals/{approvalId}": { action: "read", yes: 200, state: "asked" },
  "post /v1/approvals/{approvalId}": {
    action: "approve",
    yes: 200,
    state: "asked",
    body: () => ({ decision: "deny" }),
  },
  "delete /v1/approvals/{approvalId}": { action: "approve", yes: 204, state: "always allowed" },
  "post /v1/tool-executions/{toolExecutionId}/result": {
    action: "approve",
    yes: 200,
    state: "asked",
    body: () => ({ errorText: "closed" }),
  },
  "get /v1/attachments/{attachmentId}": { action: "read", yes: 200, state: "attached" },
  "get /v1/conversations/{conversationId}/shares": { action: "change", yes: 200 },
  "post /v1/conversations/{conversationId}/shares": { action: "change", yes: 201, body: () => ({}) },
  "delete /v1/conversations/{conversationId}/shares/{shareId}": { action: "change", yes: 204, state: "linked" },
  "post /v1/conversations/{conversationId}/copy": { action: "read", yes: 201, alsoCreates: true, body: () => ({}) },
  // whoever has the token may read; that there is none is told alike to all, which its own tests show
  "post /v1/shared/{token}/copy": { action: "create", yes: 404 },
  "get /v1/conversations/{conversationId}/artifacts": { action: "read", yes: 200 },
  "post /v1/conversations/{conversationId}/artifacts": {
    action: "send",
    yes: 201,
    body: () => ({ kind: "document", title: "Tea", content: "# Tea" }),
  },
  "get /v1/artifacts/{artifactId}": { action: "read", yes: 200, state: "written" },
  "get /v1/artifacts/{artifactId}/versions": { action: "read", yes: 200, state: "written" },
  "get /v1/artifacts/{artifactId}/versions/{version}": { action: "read", yes: 200, state: "written" },
  "get /v1/artifacts/{artifactId}/diff": { action: "read", yes: 200, state: "written" },
  "patch /v1/artifacts/{artifactId}": {
    action: "send",
    yes: 200,
    state: "written",
    body: () => ({ content: "# Coffee" }),
  },
  "post /v1/artifacts/{artifactId}/restore": {
    action: "send",
    yes: 200,
    state: "written",
    body: () => ({ version: 1 }),
  },
  "delete /v1/artifacts/{artifactId}": { action: "remove", yes: 204, state: "written" },
  // 422: an empty file is none
  "post /v1/attachments": { action: "create", yes: 422 },
  "put /v1/conversations/{conversationId}/seen": { action: "read", yes: 204 },
  "get /v1/export": { action: "account", yes: 200 },
  "post /v1/import": { action: "create", yes: 202 },
  "get /v1/imports": { action: "account", yes: 200 },
  // of no import: each is its owner's alone, which the tests of transfer show
  "get /v1/import/{importId}": { action: "account", yes: 404 },
  "get /v1/search": { action: "account", yes: 200, query: "?q=hello" },
  "get /v1/models": { action: "account", yes: 200 },
  "get /v1/agents": { action: "account", yes: 200 },
  "get /v1/tools": { action: "account", yes: 200 },
  "get /v1/me": { action: "account", yes: 200 },
  "get /v1/usage": { action: "account", yes: 200 },
  "get /v1/api-keys": { action: "keys", yes: 200 },
  "post /v1/api-keys": { action: "keys", yes: 201, body: () => ({ name: "CI", scopes: ["keys"] }) },
  // of no key: each is its owner's alone, which the keys' own tests show
  "delete /v1/api-keys/{keyId}": { action: "keys", yes: 404 },
  "post /v1/tokens": { action: "actAs", yes: 201, by: "key", body: () => ({ user: { id: "somebody" } }) },
  "get /v1/budgets": { action: "administer", yes: 200 },
  // 409: this server looks at no budgets
  "put /v1/budgets": {
    action: "administer",
    yes: 409,
    body: () => ({ scope: "workspace", period: "day", limitTokens: 1 }),
  },
  "delete /v1/budgets/{budgetId}": { action: "administer", yes: 204, state: "budgeted" },
  "delete /v1/admin/users/{userId}": { action: "administer", yes: 202, state: "member" },
  "get /v1/webhooks": { action: "administer", yes: 200 },
  // 422: it leads to no public host
  "post /v1/webhooks": { action: "administer", yes: 422, body: () => ({ url: "http://127.0.0.1:8080/" }) },
  "get /v1/webhooks/{webhookId}": { action: "administer", yes: 200, state: "hooked" },
  "patch /v1/webhooks/{webhookId}": {
    action: "administer",
    yes: 200,
    state: "hooked",
    body: () => ({ description: "Other" }),
  },
  "delete /v1/webhooks/{webhookId}": { action: "administer", yes: 204, state: "hooked" },
  "post /v1/webhooks/{webhookId}/rotate": { action: "administer", yes: 200, state: "hooked" },
  "post /v1/webhooks/{webhookId}/test": { action: "administer", yes: 202, state: "hooked" },
  "get /v1/webhooks/{webhookId}/deliveries": { action: "administer", yes: 200, state: "hooked" },
  "get /v1/webhooks/{webhookId}/deliveries/{deliveryId}": { action: "administer", yes: 200, state: "hooked" },
  "post /v1/webhooks/{webhookId}/deliveries/{deliveryId}/redeliver": {
    action: "administer",
    yes: 202,
    state: "hooked",
  },
  "get /v1/audit": { action: "audit", yes: 200 },
  "get /v1/admin/users": { action: "administer", yes: 200 },
  "get /v1/admin/conversations": { action: "administer", yes: 200 },
  "get /v1/admin/completions": { action: "administer", yes: 200 },
  "get /v1/admin/completions/{completionId}": { action: "administer", yes: 200, state: "queued" },
  "post /v1/admin/completions/{completionId}/cancel": { action: "administer", yes: 200, state: "queued" },
  "post /v1/admin/completions/{completionId}/retry": { action: "administer", yes: 202, state: "queued" },
  "get /v1/admin/completions/{completionId}/chunks": { action: "administer", yes: 200, state: "queued" },
  "get /v1/admin/users/{userId}/keys": { action: "administer", yes: 200, state: "member" },
  // of no key: that there is one, and an end to it, its own test shows
  "delete /v1/admin/users/{userId}/keys/{keyId}": { action: "administer", yes: 404, state: "member" },
  "get /v1/admin/overview": { action: "administer", yes: 200 },
  // this server tells nothing of itself, its own tests show one that does
  "get /v1/admin/server": { action: "administer", yes: 404 },
  "get /v1/admin/tool-runs": { action: "administer", yes: 200 },
  "get /v1/admin/usage": { action: "administer", yes: 200 },
  "get /v1/admin/queue": { action: "administer", yes: 200 },
  "get /v1/admin/audit": { action: "audit", yes: 200 },
  "get /v1/workspaces": { action: "account", yes: 200 },
  "post /v1/workspaces": { action: "create", yes: 201, by: "guest", body: () => ({ name: "New" }) },
  "get /v1/workspaces/{workspaceId}": { action: "account", yes: 200 },
  "patch /v1/workspaces/{workspaceId}": { action: "administer", yes: 200, body: () => ({ name: "Other" }) },
  "get /v1/workspaces/{workspaceId}/members": { action: "account", yes: 200 },
  "patch /v1/workspaces/{workspaceId}/members/{userId}": {
    action: "administer",
    yes: 200,
    state: "member",
    body: () => ({ suspended: true }),
  },
  "delete /v1/workspaces/{workspaceId}/members/{userId}": { action: "administer", yes: 204, state: "member" },
  "get /v1/workspaces/{workspaceId}/invitations": { action: "administer", yes: 200 },
  "post /v1/workspaces/{workspaceId}/invitations": { action: "administer", yes: 201, body: () => ({}) },
  "delete /v1/workspaces/{workspaceId}/invitations/{invitationId}": {
    action: "administer",
    yes: 204,
    state: "invited",
  },
  "post /v1/invitations/accept": {
    action: "join",
    yes: 200,
    by: "guest",
    state: "invited",
    body: ({ invitationToken }) => ({ token: invitationToken }),
  },
  "post /v1/account/sign-out": { action: "account", yes: 204 },
  // by a token: there is no account
  "post /v1/account/erase": { action: "account", yes: 409, body: () => ({ password: "a long password" }) },
  "get /v1/account": { action: "account", yes: 409 },
  "patch /v1/account": { action: "account", yes: 409, body: () => ({ name: "Anna" }) },
  "delete /v1/account/sessions": { action: "account", yes: 409 },
  // by a token: there is no password to change
  "post /v1/account/password": {
    action: "account",
    yes: 409,
    body: () => ({ currentPassword: "a long password", newPassword: "another long one" }),
  },
  // without a worker nobody answers: 504 says that it was accepted
  "post /v1/users/{userId}/chat": {
    action: "send",
    yes: 504,
    body: ({ conversationId }) => ({ conversationId, message }),
  },
  "post /v1/users/{userId}/chat/stream": {
    action: "send",
    yes: 200,
    body: ({ conversationId }) => ({ conversationId, message }),
  },
  "get /v1/users/{userId}/conversations": { action: "account", yes: 200 },
  "get /v1/users/{userId}/conversations/{conversationId}": { action: "read", yes: 200 },
  "delete /v1/users/{userId}/conversations/{conversationId}": { action: "remove", yes: 204 },
  "get /v1/users/{userId}/conversations/{conversationId}/messages": { action: "read", yes: 200 },
};

/** Routes that answer anybody. */
export const openRoutes: readonly string[] = [
  "get /healthz",
  "get /readyz",
  "get /metrics",
  "get /openapi.json",
  "get /docs",
  "get /artifact-frame",
  "get /v1/shared/{token}",
  "get /shared/{token}",
  "post /v1/invitations/read",
  "get /v1/account/options",
  "post /v1/account/sign-up",
  "post /v1/account/sign-in",
];
