import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createCallbackServer } from "../../src/cli/callback-server.ts";
import type { Database } from "../../src/ports/database.ts";
import { createMcpDesk, mcpToolOf, toolContextOf, type McpDesk } from "../../src/testing/mcp-desk.ts";
import { createOAuthTestServer, type OAuthTestServer } from "../../src/testing/servers/oauth-test-server.ts";
import { testDatabases } from "../../src/testing/databases/test-databases.ts";
import { signIn } from "../../src/tools/mcp/sign-in.ts";
import { completed } from "../../src/tools/results.ts";

describe("a sign-in to an MCP server by a browser", () => {
  let database: Database;
  let desk: McpDesk;
  let oauth: OAuthTestServer;
  let url: string;

  beforeAll(async () => {
    database = await testDatabases.at(-1)!.open();
    desk = createMcpDesk(database);
    oauth = await createOAuthTestServer({ clientId: "registered", clientSecret: "a secret that was given" });
    const server = await desk.serve({
      intercept: (request, response) => {
        const origin = `http://${request.headers.host}`;
        if (request.url?.startsWith("/.well-known/oauth-protected-resource") === true) {
          const metadata = { resource: `${origin}/mcp`, authorization_servers: [oauth.issuer] };
          response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(metadata));
          return true;
        }
        if (oauth.accepts(request.headers.authorization)) return false;
        response.writeHead(401).end();
        return true;
      },
    });
    url = server.url;
  });
  afterAll(async () => {
    await desk.close();
    await oauth.close();
    await database.close();
  });

  const login = async (change: (back: URL) => URL = (back) => back) => {
    const callback = await createCallbackServer();
    try {
      return await signIn({
        server: { url },
        allow: [new URL(oauth.issuer).host],
        redirectUrl: callback.url,
        authorize: async (page) => {
          const answer = await fetch(page, { redirect: "manual" });
          await (await fetch(change(new URL(answer.headers.get("location")!)))).text();
          return callback.called;
        },
      });
    } finally {
      callback.close();
    }
  };

  test("registers Natter, and gives the settings that the server is used with from then on", async () => {
    const settings = await login();
    expect(settings).toEqual({
      issuer: expect.stringContaining(oauth.issuer),
      clientId: "registered",
      clientSecret: "a secret that was given",
      refreshToken: expect.any(String),
    });
    const servers = await desk.use({ files: { url, oauth: settings } });
    expect(await mcpToolOf(servers, "files__echo").execute({}, toolContextOf("anna"))).toEqual(completed("{}"));
    expect(oauth.grants.map((grant) => grant.get("grant_type"))).toEqual(["authorization_code", "refresh_token"]);
  });

  test("takes no answer that belongs to another sign-in, and no refusal", async () => {
    const foreign = (back: URL): URL => {
      back.searchParams.set("state", "another");
      return back;
    };
    const refused = (back: URL): URL => {
      back.search = "?error=access_denied";
      return back;
    };
    await expect(login(foreign)).rejects.toMatchObject({ code: "forbidden" });
    await expect(login(refused)).rejects.toMatchObject({ message: expect.stringContaining("access_denied") });
  });
});
