import { hash } from "node:crypto";
import sql from "sql-template-tag";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../../ports/database.ts";
import { saveTokens } from "../../store/tools/mcp-rows.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createOAuthStore } from "./oauth-store.ts";

const refreshToken = "what the operator was given";
const tokens = { access_token: "canary-access", refresh_token: "canary-refresh", token_type: "Bearer" };

describe.each(testDatabases)("tokens of an MCP server on $name", ({ open }) => {
  let database: Database;

  beforeEach(async () => {
    database = await open();
  });
  afterEach(() => database.close());

  const storeOf = (server = "files", secret = refreshToken) =>
    createOAuthStore(database, server, {
      url: "https://files.example/mcp",
      oauth: { issuer: "https://login.example", clientId: "natter", refreshToken: secret },
    });
  const stored = async (): Promise<string> =>
    JSON.stringify(await database.query(sql`select server, grant_hash, tokens from mcp_token`));

  test("S33 can be read with the operator's refresh token only; a copy of the database tells none of them", async () => {
    await storeOf().save(tokens);
    expect(await storeOf().read()).toEqual(tokens);
    const copy = await stored();
    for (const secret of ["canary", refreshToken, ...Object.keys(tokens)]) expect(copy).not.toContain(secret);
  });

  test("are sealed anew each time, and begin anew with another refresh token", async () => {
    await storeOf().save(tokens);
    const first = await stored();
    await storeOf().save(tokens);
    expect(await stored()).not.toBe(first);
    expect(await storeOf("files", "another refresh token").read()).toBeNull();
    expect(await storeOf().read()).toEqual(tokens);
  });

  test("that an earlier version stored as they are can be read, and are sealed then", async () => {
    await saveTokens(database, "files", { hash: hash("sha256", refreshToken), tokens });
    expect(await stored()).toContain("canary");
    expect(await storeOf().read()).toEqual(tokens);
    expect(await stored()).not.toContain("canary");
    expect(await storeOf().read()).toEqual(tokens);
  });

  test("do not open in the row of another server, nor when a bit of them was changed", async () => {
    await storeOf().save(tokens);
    await database.query(sql`
      insert into mcp_token (server, grant_hash, tokens) select 'other', grant_hash, tokens from mcp_token`);
    await expect(storeOf("other").read()).rejects.toThrow("unable to authenticate");
    await database.query(sql`
      update mcp_token set tokens = jsonb_set(tokens, '{text}',
        to_jsonb(case left(tokens ->> 'text', 1) when 'A' then 'B' else 'A' end || substr(tokens ->> 'text', 2)))
      where server = 'files'`);
    await expect(storeOf().read()).rejects.toThrow("unable to authenticate");
  });
});
