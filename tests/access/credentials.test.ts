import sql from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rules } from "../../src/auth/authorize.ts";
import { createId } from "../../src/foundation/ids.ts";
import { issueBrowserToken } from "../../src/people/browser-token.ts";
import { createKey, createSecret } from "../../src/people/keys.ts";
import { recognise } from "../../src/people/recognise.ts";
import type { Database } from "../../src/ports/database.ts";
import type { Principal, Scope } from "../../src/protocol/people/principal.ts";
import { countingDatabase, type CountingDatabase } from "../../src/testing/databases/counting-database.ts";
import { testDatabases } from "../../src/testing/databases/test-databases.ts";
import { accessRows } from "./rows.ts";
import { createWorld, scopesFor, type Caller, type World } from "./world.ts";

const names = Object.keys(accessRows);
const naming = names.filter((name) => name.replace("/v1/users/{userId}", "").includes("{"));
const everything: readonly Scope[] = ["read", "chat", "keys", "admin", "act-as"];

describe.each(testDatabases)(
  "credentials that have ended or may little, on every route on $name",
  { timeout: 180_000 },
  ({ open }) => {
    let database: CountingDatabase;
    let real: Database;
    let world: World;

    beforeAll(async () => {
      real = await open();
      database = countingDatabase(real);
      world = await createWorld(database);
    });
    afterAll(async () => {
      await world.close();
      await database.close();
    });

    const callerOf = (name: string, credential: string): Caller => ({
      name,
      headers: { authorization: `Bearer ${credential}` },
    });
    const person = (): Promise<Principal> =>
      recognise(
        database,
        { issuer: "test", subject: createId(), name: null, email: null, workspaceId: world.workspaceId, role: "owner" },
        undefined,
      );
    const keyOf = async (scopes = everything) => {
      const owner = await person();
      return { owner, ...(await createKey(database, owner, { name: "key", scopes })) };
    };
    const browserToken = async (scopes: readonly ("read" | "chat")[] = ["read", "chat"]) => {
      const { owner, id: keyId } = await keyOf();
      const wanted = { userId: createId(), scopes, seconds: 600 };
      return { keyId, ...(await issueBrowserToken(database, { ...owner, keyId }, wanted)) };
    };

    /** Each is as it was until a moment ago, so that nobody remembers it. */
    const ended = async (): Promise<readonly Caller[]> => {
      const [expired, revoked, left, short, orphaned] = [
        await keyOf(),
        await keyOf(),
        await keyOf(),
        await browserToken(),
        await browserToken(),
      ];
      await database.query(sql`update api_key set expires_at = now() - interval '1 second' where id = ${expired.id}`);
      await database.query(sql`update api_key set revoked_at = now() where id in (${revoked.id}, ${orphaned.keyId})`);
      await database.query(sql`delete from member where user_id = ${left.owner.userId}`);
      await database.query(sql`
      update api_key set expires_at = now() - interval '1 second' where kind = 'browser' and user_id = ${short.userId}`);
      return [
        callerOf(createId(), createSecret("nk_").secret),
        callerOf(expired.owner.userId, expired.key),
        callerOf(revoked.owner.userId, revoked.key),
        callerOf(left.owner.userId, left.key),
        callerOf(createId(), createSecret("nb_").secret),
        callerOf(short.userId, short.token),
        callerOf(orphaned.userId, orphaned.token),
      ];
    };

    test("S14 a key that is expired, revoked, of somebody who left or unknown is told the same on every route, in any header", async () => {
      const callers = await ended();
      const both = callers.flatMap((caller) => [
        caller,
        { ...caller, headers: { "x-api-key": caller.headers["authorization"]!.slice(7) } },
      ]);
      for (const name of names) {
        const target = await world.build(accessRows[name]?.state, "workspace");
        const said = new Set<string>();
        for (const caller of both) {
          const told = await world.say(name, target, caller);
          expect({ name, ...told }).toMatchObject({ name, status: 401, isUnchanged: true });
          said.add(JSON.stringify(told));
        }
        expect([name, said.size]).toEqual([name, 1]);
      }
    });

    test("S11 somebody suspended in the workspace is refused on every route, by token and by key, whatever is there", async () => {
      const before = await world.caller("suspended", "admin");
      const { userId } = (await (await world.web.ask("/v1/me", before)).json()) as { userId: string };
      const key = await createKey(
        database,
        { workspaceId: world.workspaceId, userId },
        { name: "k", scopes: everything },
      );
      const made = { workspaceId: world.workspaceId, userId, id: createId() };
      await database.query(sql`update member set suspended_at = now() where user_id = ${userId}`);
      const callers = [await world.caller("suspended", "owner"), callerOf(made.userId, key.key)];
      for (const name of names) {
        const target = await world.build(accessRows[name]?.state, "workspace");
        for (const caller of callers) {
          const told = await world.say(name, target, caller);
          expect({ name, ...told }).toMatchObject({ name, status: 403, isUnchanged: true });
          expect(await world.say(name, {}, caller)).toEqual(told);
        }
      }
    });

    test("N8 a browser token that may only read changes nothing anywhere, and one that may chat administers nothing", async () => {
      const [reading, chatting] = [await browserToken(["read"]), await browserToken()];
      for (const name of names) {
        const row = accessRows[name]!;
        if (row.by === "guest") continue;
        const { needed } = scopesFor(row.action);
        const target = await world.build(row.state, "workspace");
        for (const [who, scopes] of [
          [reading, ["read"]],
          [chatting, ["read", "chat"]],
        ] as const) {
          if (scopes.some((scope) => scope === needed)) continue;
          const told = await world.say(name, target, callerOf(who.userId, who.token));
          expect([403, 404]).toContain(told.status);
          expect({ name, ...told }).toMatchObject({ name, isUnchanged: true });
        }
        if (needed !== "read" || row.alsoCreates === true || rules.shared[row.action].length === 0) continue;
        const read = await world.say(name, target, callerOf(reading.userId, reading.token));
        expect([name, read.status]).toEqual([name, name.includes("/v1/users/") ? read.status : row.yes]);
      }
    });

    /** What a refusal asks of the database, which is what its time is made of. */
    const statementsOf = async (ask: () => Promise<Response>): Promise<readonly string[]> => {
      database.mark("asked");
      await (await ask()).body?.cancel();
      return database.count({ from: "asked" }).texts;
    };

    test("S7 what another's object costs is what none costs, but for one look by a key: no clock tells them apart", async () => {
      const stranger = await world.caller("stranger", "owner", createId());
      const colleague = await world.caller("colleague", "admin");
      const told: string[] = [];
      for (const name of naming) {
        const { action, state } = accessRows[name]!;
        const isOfWorkspace = rules.workspace[action].length > 0 && rules.owner[action].length === 0;
        const target = await world.build(state, "private");
        for (const caller of isOfWorkspace ? [stranger] : [stranger, colleague]) {
          const missing = { version: "1" };
          await world.call(name, missing, caller);
          const none = await statementsOf(() => world.call(name, missing, caller));
          const theirs = await statementsOf(() => world.call(name, target, caller));
          if (theirs.length > none.length + 1) told.push(`${name}: ${none.length} and ${theirs.length}`);
        }
      }
      expect(told).toEqual([]);
    });
  },
);
