import { NatterError } from "../foundation/errors.ts";
import { notFound, type ConversationAccess, type Permit } from "../protocol/access.ts";
import type { Principal, Role } from "../protocol/principal.ts";

/** What can be done: `create` and `account` to a workspace, the rest to a conversation and what is in it. */
export type Action = "create" | "account" | "read" | "send" | "cancel" | "approve" | "change" | "remove" | "restore";

/** How a principal stands to an object. */
export type Relation = "workspace" | "owner" | "shared" | "deleted" | "foreign";

/** The principal's own workspace, or a conversation. */
export type GuardedObject = "workspace" | ConversationAccess;

const everyone: readonly Role[] = ["owner", "admin", "member", "reader"];
const writers: readonly Role[] = ["owner", "admin", "member"];
const admins: readonly Role[] = ["owner", "admin"];
const nobody: readonly Role[] = [];

/** Who may do what: complete, so that a new action or relation doesn't compile before it is decided. */
export const rules: Readonly<Record<Relation, Readonly<Record<Action, readonly Role[]>>>> = {
  workspace: {
    create: writers,
    account: everyone,
    read: nobody,
    send: nobody,
    cancel: nobody,
    approve: nobody,
    change: nobody,
    remove: nobody,
    restore: nobody,
  },
  owner: {
    create: nobody,
    account: nobody,
    read: everyone,
    send: writers,
    cancel: writers,
    approve: writers,
    change: writers,
    remove: writers,
    restore: writers,
  },
  shared: {
    create: nobody,
    account: nobody,
    read: everyone,
    send: writers,
    cancel: writers,
    approve: admins,
    change: nobody,
    remove: admins,
    restore: nobody,
  },
  deleted: {
    create: nobody,
    account: nobody,
    read: nobody,
    send: nobody,
    cancel: nobody,
    approve: nobody,
    change: nobody,
    remove: nobody,
    restore: writers,
  },
  foreign: {
    create: nobody,
    account: nobody,
    read: nobody,
    send: nobody,
    cancel: nobody,
    approve: nobody,
    change: nobody,
    remove: nobody,
    restore: nobody,
  },
};

/** How the principal stands to the object. */
export const relationOf = (principal: Principal, object: GuardedObject): Relation => {
  if (object === "workspace") return "workspace";
  if (object.workspaceId !== principal.workspaceId) return "foreign";
  if (object.ownerId === principal.userId) return object.deletedAt === null ? "owner" : "deleted";
  return object.visibility === "workspace" && object.deletedAt === null ? "shared" : "foreign";
};

/**
 * The one decision on every object, verb and transport (promise 8).
 * @throws NatterError `not_found` when the principal may not even know of the object, `forbidden` when it may see it only
 */
export const authorize = (principal: Principal, action: Action, object: GuardedObject): void => {
  const allowed = rules[relationOf(principal, object)];
  if (allowed[action].includes(principal.role)) return;
  const isVisible = object === "workspace" || allowed.read.includes(principal.role);
  if (!isVisible) throw notFound("conversation");
  throw new NatterError("forbidden", `Your role (${principal.role}) does not allow this here; ask an owner or admin.`);
};

/**
 * A path that names a user is for that user alone: by the id of `/v1/me`, or by what the token's issuer calls them (D1).
 * @throws NatterError `forbidden`
 */
export const requireUser = ({ userId, subject }: Principal, named: string): void => {
  if (named !== userId && named !== subject)
    throw new NatterError("forbidden", "This path names another user; put your own id into it.");
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
