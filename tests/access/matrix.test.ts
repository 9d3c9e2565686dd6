import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rules, type Relation } from "../../src/auth/authorize.ts";
import { createId } from "../../src/foundation/ids.ts";
import type { Database } from "../../src/ports/database.ts";
import type { Role } from "../../src/protocol/people/principal.ts";
import { setSuspended } from "../../src/store/identity/people.ts";
import { testDatabases } from "../../src/testing/databases/test-databases.ts";
import { accessRows, openRoutes, type AccessRow } from "./rows.ts";
import { createWorld, scopesFor, type Caller, type World } from "./world.ts";

const names = Object.keys(accessRows);
const roles: readonly Role[] = ["owner", "admin", "member", "reader"];
const isOfWorkspace = ({ action }: AccessRow): boolean =>
  rules.workspace[action].length > 0 && rules.owner[action].length === 0;
const isOfUser = (name: string): boolean => name.includes("/v1/users/{userId}");
/** Routes whose path names a thing, besides the user of the path. */
const naming = names.filter((name) => name.replace("/v1/users/{userId}", "").includes("{"));
const ofConversations = naming.filter((name) => !isOfWorkspace(accessRows[name]!));

const relationOf = (row: AccessRow, who: "owner" | "other"): Relation => {
  if (isOfWorkspace(row)) return "workspace";
  if (who === "owner") return row.state === "deleted" ? "deleted" : "owner";
  return row.state === "deleted" ? "foreign" : "shared";
};

describe.each(testDatabases)("who may call which route on $name", ({ open }) => {
  let database: Database;
  let world: World;

  beforeAll(async () => {
    database = await open();
    world = await createWorld(database);
  });
  afterAll(async () => {
    await world.close();
    await database.close();
  });

  const refused = (status: number): object => ({
    status,
    headers: expect.objectContaining({ "content-type": "application/problem+json" }),
    isUnchanged: true,
  });

  const asking = ({ by }: AccessRow, who: string, role: Role): Promise<Caller> =>
    by === "key"
      ? world.keyOf(role, ["act-as"])
      : by === "guest"
        ? world.caller(`${who}-${role}-guest-${createId()}`, role, null)
        : world.caller(who, role);

  test("every route has a row in tests/access/rows.ts, and every row a route", () => {
    const routes = world.web.http.routes.map(({ method, path }) => `${method} ${path}`);
    const missing = routes.filter((name) => accessRows[name] === undefined && !openRoutes.includes(name));
    const advice = missing.map(
      (name) => `add to accessRows in tests/access/rows.ts:  "${name}": { action: …, yes: <status> },`,
    );
    expect(advice).toEqual([]);
    expect([...names, ...openRoutes].filter((name) => !routes.includes(name))).toEqual([]);
    const open_ = world.web.http.routes.filter(({ isOpen }) => isOpen).map(({ method, path }) => `${method} ${path}`);
    expect(open_.toSorted()).toEqual(openRoutes.toSorted());
  });

  test.each(names)("%s knows nobody without a token, and nobody suspended", async (name) => {
    const target = await world.build(accessRows[name]?.state, "workspace");
    expect(await world.say(name, target)).toMatchObject(refused(401));
    const elsewhere = createId();
    const banned = await world.caller(createId(), "owner", elsewhere);
    const me = await world.web.ask("/v1/me", { headers: banned.headers });
    const { userId } = (await me.json()) as { userId: string };
    await setSuspended(database, userId, true);
    const later = await world.caller(banned.name.slice(0, 36), "admin", elsewhere);
    expect(later.name).toBe(banned.name);
    expect(await world.say(name, target, later)).toMatchObject(refused(403));
  });

  test.each(naming)("S7, S9 %s says of another's object, to the byte, what it says of none", async (name) => {
    const row = accessRows[name]!;
    const target = await world.build(row.state, "private");
    const stranger = await world.caller("stranger", "owner", createId());
    const missing = await world.say(name, {}, stranger);
    expect(missing).toMatchObject(refused(404));
    expect(await world.say(name, target, stranger)).toEqual(missing);
    if (isOfWorkspace(row)) return;
    const colleague = await world.caller("colleague", "admin");
    expect(await world.say(name, target, colleague)).toEqual(missing);
    expect(await world.say(name, {}, colleague)).toEqual(missing);
  });

  test.each(names.filter(isOfUser))("D1 %s is for the user of its path alone", async (name) => {
    const target = await world.build(accessRows[name]?.state, "private");
    const owner = await world.caller("owner", "member");
    const colleague = await world.caller("colleague", "admin");
    const posing = { ...colleague, name: owner.name };
    expect(await world.say(name, target, posing)).toMatchObject(refused(403));
    expect(await world.say(name, {}, posing)).toMatchObject(refused(403));
    const service = await world.keyOf("admin", ["act-as", "read", "chat"]);
    expect(await world.say(name, target, { ...service, name: createId() })).toMatchObject(refused(404));
  });

  test.each(ofConversations.filter((name) => accessRows[name]?.state !== "deleted"))(
    "S13 %s finds nothing in a deleted conversation",
    async (name) => {
      const target = await world.build(accessRows[name]?.state, "workspace");
      const owner = await world.caller("owner", "member");
      await world.web.ask(`/v1/conversations/${target["conversationId"]}`, {
        method: "DELETE",
        headers: owner.headers,
      });
      expect(await world.say(name, target, owner)).toMatchObject(refused(404));
    },
  );

  test.each(names)("S11 %s asks the one decision, for every role, on one's own and on what is shared", async (name) => {
    const row = accessRows[name]!;
    let target = await world.build(row.state, "workspace");
    for (const who of isOfWorkspace(row) ? (["other"] as const) : (["owner", "other"] as const)) {
      for (const role of roles) {
        const relation = relationOf(row, who);
        const mayCreate = row.alsoCreates !== true || rules.workspace.create.includes(role);
        const isAllowed = rules[relation][row.action].includes(role) && mayCreate;
        const isVisible = relation === "workspace" || rules[relation].read.includes(role);
        const said = await world.say(name, target, await asking(row, who, role));
        const expected = isAllowed ? { status: row.yes } : refused(isVisible ? 403 : 404);
        expect({ who, role, ...said }).toMatchObject({ who, role, ...expected });
        if (isAllowed) target = await world.build(row.state, "workspace");
      }
    }
  });

  test.each(names.filter((name) => accessRows[name]?.by !== "guest"))(
    "S14 %s takes a key with the scope for it and no other, and hides from it what its owner may not see",
    async (name) => {
      const row = accessRows[name]!;
      const { needed, others } = scopesFor(row.action);
      const target = await world.build(row.state, "workspace");
      const isHidden = row.state === "deleted";
      const without = await world.keyOf("owner", others);
      expect(await world.say(name, target, without)).toMatchObject(refused(isHidden ? 404 : 403));
      const creating = row.alsoCreates === true ? scopesFor("create").needed : needed;
      const holder = await world.keyOf("owner", [needed, creating]);
      const as: Caller = { ...holder, headers: { "x-api-key": holder.headers["authorization"]!.slice(7) } };
      const isAllowed = rules[relationOf(row, "other")][row.action].includes("owner");
      const expected = isAllowed ? { status: row.yes } : refused(isHidden ? 404 : 403);
      expect(await world.say(name, target, as)).toMatchObject(expected);
    },
  );
});
