import { describe, expect, test } from "vitest";
import { NatterError } from "../foundation/errors.ts";
import type { ConversationAccess } from "../protocol/people/access.ts";
import { roleSchema, scopeSchema, type Principal, type Role } from "../protocol/people/principal.ts";
import {
  authorize,
  permitOfSend,
  relationOf,
  rules,
  scopeOf,
  type Action,
  type GuardedObject,
  type Relation,
} from "./authorize.ts";

const roles = roleSchema.options;
const principalOf = (role: Role): Principal => ({ userId: "me", workspaceId: "here", role, name: null });
const conversation = (change: Partial<ConversationAccess> = {}): ConversationAccess => ({
  workspaceId: "here",
  ownerId: "me",
  visibility: "private",
  deletedAt: null,
  ...change,
});
const at = new Date(0);

const objects: readonly (readonly [string, GuardedObject, Relation])[] = [
  ["one's workspace", "workspace", "workspace"],
  ["one's own", conversation(), "owner"],
  ["one's own, shared", conversation({ visibility: "workspace" }), "owner"],
  ["one's own, deleted", conversation({ deletedAt: at }), "deleted"],
  ["another's, private", conversation({ ownerId: "other" }), "foreign"],
  ["another's, shared", conversation({ ownerId: "other", visibility: "workspace" }), "shared"],
  [
    "another's, shared and deleted",
    conversation({ ownerId: "other", visibility: "workspace", deletedAt: at }),
    "foreign",
  ],
  ["one's own in another workspace", conversation({ workspaceId: "there" }), "foreign"],
  [
    "a shared one in another workspace",
    conversation({ workspaceId: "there", ownerId: "other", visibility: "workspace" }),
    "foreign",
  ],
];

const verdict = (principal: Principal, action: Action, object: GuardedObject): string => {
  try {
    authorize(principal, action, object);
    return "yes";
  } catch (thrown) {
    if (thrown instanceof NatterError) return thrown.code;
    throw thrown;
  }
};

/** Every decision, spelled out: role by role, `owner admin member reader`; y = yes, f = forbidden, n = not found. */
const decisions: Readonly<Record<Relation, Readonly<Record<Action, string>>>> = {
  workspace: {
    create: "yyyf",
    account: "yyyy",
    keys: "yyyy",
    join: "yyyy",
    leave: "yyyy",
    administer: "yyff",
    rule: "yfff",
    audit: "yyff",
    actAs: "yyff",
    read: "ffff",
    send: "ffff",
    cancel: "ffff",
    approve: "ffff",
    change: "ffff",
    remove: "ffff",
    restore: "ffff",
  },
  owner: {
    create: "ffff",
    account: "ffff",
    keys: "ffff",
    join: "ffff",
    leave: "ffff",
    administer: "ffff",
    rule: "ffff",
    audit: "ffff",
    actAs: "ffff",
    read: "yyyy",
    send: "yyyf",
    cancel: "yyyf",
    approve: "yyyf",
    change: "yyyf",
    remove: "yyyf",
    restore: "yyyf",
  },
  shared: {
    create: "ffff",
    account: "ffff",
    keys: "ffff",
    join: "ffff",
    leave: "ffff",
    administer: "ffff",
    rule: "ffff",
    audit: "ffff",
    actAs: "ffff",
    read: "yyyy",
    send: "yyyf",
    cancel: "yyyf",
    approve: "yyff",
    change: "ffff",
    remove: "yyff",
    restore: "ffff",
  },
  deleted: {
    create: "nnnn",
    account: "nnnn",
    keys: "nnnn",
    join: "nnnn",
    leave: "nnnn",
    administer: "nnnn",
    rule: "nnnn",
    audit: "nnnn",
    actAs: "nnnn",
    read: "nnnn",
    send: "nnnn",
    cancel: "nnnn",
    approve: "nnnn",
    change: "nnnn",
    remove: "nnnn",
    restore: "yyyn",
  },
  foreign: {
    create: "nnnn",
    account: "nnnn",
    keys: "nnnn",
    join: "nnnn",
    leave: "nnnn",
    administer: "nnnn",
    rule: "nnnn",
    audit: "nnnn",
    actAs: "nnnn",
    read: "nnnn",
    send: "nnnn",
    cancel: "nnnn",
    approve: "nnnn",
    change: "nnnn",
    remove: "nnnn",
    restore: "nnnn",
  },
};
const letters: Readonly<Record<string, string>> = { yes: "y", forbidden: "f", not_found: "n" };

describe("authorize", () => {
  test.each(objects)("stands to %s as decided", (_name, object, relation) => {
    for (const role of roles) expect(relationOf(principalOf(role), object)).toBe(relation);
  });

  test.each(objects)("decides every action of every role on %s", (_name, object, relation) => {
    const made = Object.keys(rules[relation]).map((action) => [
      action,
      roles.map((role) => letters[verdict(principalOf(role), action as Action, object)]).join(""),
    ]);
    expect(Object.fromEntries(made)).toEqual(decisions[relation]);
  });

  test("S7 says of a foreign object exactly what it says of a deleted one", () => {
    const said = [
      conversation({ ownerId: "other" }),
      conversation({ ownerId: "other", deletedAt: at }),
      conversation({ workspaceId: "there" }),
    ].map((object) => {
      try {
        authorize(principalOf("owner"), "read", object);
        return null;
      } catch (thrown) {
        return String(thrown);
      }
    });
    expect(new Set(said).size).toBe(1);
  });

  test("S14 a key does what its scopes name, never more than its owner's role, and hides what its owner may not see", () => {
    for (const [, object, relation] of objects) {
      for (const action of Object.keys(rules[relation]) as Action[]) {
        for (const role of roles) {
          const plain = verdict(principalOf(role), action, object);
          expect(verdict({ ...principalOf(role), scopes: [scopeOf[action]] }, action, object)).toBe(plain);
          const others = scopeSchema.options.filter((scope) => scope !== scopeOf[action]);
          const without = verdict({ ...principalOf(role), scopes: others }, action, object);
          expect(without).toBe(plain === "yes" ? "forbidden" : plain);
        }
      }
    }
  });

  test("a send under the id of a conversation that one may not see says that the id is taken", () => {
    const send = () => permitOfSend(principalOf("member"))(conversation({ ownerId: "other" }));
    expect(send).toThrow(expect.objectContaining({ code: "id_taken" }));
  });
});
