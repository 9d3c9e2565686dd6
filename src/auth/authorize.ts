import { NatterError } from "../foundation/errors.ts";
import { notFound, type ConversationAccess, type Permit } from "../protocol/people/access.ts";
import type { Principal, Role, Scope } from "../protocol/people/principal.ts";

/** What can be done to a workspace. */
export type WorkspaceAction =
  | "create"
  | "account"
  | "keys"
  | "join"
  | "leave"
  | "administer"
  | "rule"
  | "audit"
  | "actAs";

/** What can be done to a conversation and what is in it. */
export type ConversationAction = "read" | "send" | "cancel" | "approve" | "change" | "remove" | "restore";

export type Action = WorkspaceAction | ConversationAction;

/** How a principal stands to an object. */
export type Relation = "workspace" | "owner" | "shared" | "deleted" | "foreign";

/** The principal's own workspace, or a conversation. */
export type GuardedObject = "workspace" | ConversationAccess;

const everyone: readonly Role[] = ["owner", "admin", "member", "reader"];
const writers: readonly Role[] = ["owner", "admin", "member"];
const admins: readonly Role[] = ["owner", "admin"];
const nobody: readonly Role[] = [];

const noWorkspaceAction: Readonly<Record<WorkspaceAction, readonly Role[]>> = {
  create: nobody,
  account: nobody,
  keys: nobody,
  join: nobody,
  leave: nobody,
  administer: nobody,
  rule: nobody,
  audit: nobody,
  actAs: nobody,
};

const noConversationAction: Readonly<Record<ConversationAction, readonly Role[]>> = {
  read: nobody,
  send: nobody,
  cancel: nobody,
  approve: nobody,
  change: nobody,
  remove: nobody,
  restore: nobody,
};

/** Who may do what: complete, so that a new action or relation doesn't compile before it is decided. */
export const rules: Readonly<Record<Relation, Readonly<Record<Action, readonly Role[]>>>> = {
  workspace: {
    ...noConversationAction,
    create: writers,
    account: everyone,
    keys: everyone,
    join: everyone,
    leave: everyone,
    administer: admins,
    rule: ["owner"],
    audit: admins,
    actAs: admins,
  },
  owner: {
    ...noWorkspaceAction,
    read: everyone,
    send: writers,
    cancel: writers,
    approve: writers,
    change: writers,
    remove: writers,
    restore: writers,
  },
  shared: {
    ...noWorkspaceAction,
    read: everyone,
    send: writers,
    cancel: writers,
    approve: admins,
    change: nobody,
    remove: admins,
    restore: nobody,
  },
  deleted: { ...noWorkspaceAction, ...noConversationAction, restore: writers },
  foreign: { ...noWorkspaceAction, ...noConversationAction },
};

/** The scope that a key needs for an action; complete as well. */
export const scopeOf: Readonly<Record<Action, Scope>> = {
  account: "read",
  read: "read",
  create: "chat",
  send: "chat",
  cancel: "chat",
  approve: "chat",
  change: "chat",
  remove: "chat",
  restore: "chat",
  keys: "keys",
  join: "admin",
  leave: "admin",
  administer: "admin",
  rule: "admin",
  audit: "admin",
  actAs: "act-as",
};

/** How the principal stands to the object. */
export const relationOf = (principal: Principal, object: GuardedObject): Relation => {
  if (object === "workspace") return "workspace";
  if (object.workspaceId !== principal.workspaceId) return "foreign";
  if (object.ownerId === principal.userId) return object.deletedAt === null ? "owner" : "deleted";
  return object.visibility === "workspace" && object.deletedAt === null ? "shared" : "foreign";
};

const hasScope = ({ scopes }: Principal, action: Action): boolean => scopes?.includes(scopeOf[action]) ?? true;

const requireScope = (principal: Principal, action: Action): void => {
  if (!hasScope(principal, action))
    throw new NatterError("forbidden", `This key may not do that: it lacks the scope "${scopeOf[action]}".`);
};

/** What `authorize` would decide, as a value. */
export const isAllowed = (principal: Principal, action: Action, object: GuardedObject): boolean =>
  rules[relationOf(principal, object)][action].includes(principal.role) && hasScope(principal, action);

/**
 * The one decision on every object, verb and transport (promise 8): by role and relation, and by scope where a key asks.
 * @throws NatterError `not_found` when the principal may not even know of the object, `forbidden` when it may see it only
 */
export const authorize = (principal: Principal, action: Action, object: GuardedObject): void => {
  const allowed = rules[relationOf(principal, object)];
  if (allowed[action].includes(principal.role)) return requireScope(principal, action);
  const isVisible = object === "workspace" || allowed.read.includes(principal.role);
  if (!isVisible) throw notFound("conversation");
  throw new NatterError("forbidden", `Your role (${principal.role}) does not allow this here; ask an owner or admin.`);
};

/** The decision as the rooms below take it: called with the object inside the transaction. */
export const permitOf =
  (principal: Principal, action: Action): Permit =>
  (conversation) =>
    authorize(principal, action, conversation);

/**
 * The permit of a send that may create its conversation: an id that the caller may not see is taken, and says no more.
 * @throws NatterError `id_taken`, `forbidden`
 */
export const permitOfSend =
  (principal: Principal): Permit =>
  (conversation) => {
    if (relationOf(principal, conversation) === "foreign")
      throw new NatterError("id_taken", "There is a conversation with this id already; choose another.");
    authorize(principal, "send", conversation);
  };
