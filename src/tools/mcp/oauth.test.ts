import type { IncomingMessage, ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../../ports/database.ts";
import { createMcpDesk, mcpToolOf, patience, toolContextOf, type McpDesk } from "../../testing/mcp-desk.ts";
import type { McpTestServer } from "../../testing/servers/mcp-test-server.ts";
import { createOAuthTestServer, type OAuthTestServer } from "../../testing/servers/oauth-test-server.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { completed } from "../results.ts";

const clientId = "natter";
const clientSecret = "a secret of the client";
const refreshToken = "the first refresh token";

describe("an MCP server that wants OAuth", { timeout: 120_000 }, () => {
  let database: Database;
  let desk: McpDesk;
  let oauth: OAuthTestServer;

  beforeEach(async () => {
    database = await testDatabases.at(-1)!.open();
    desk = createMcpDesk(database);
    oauth = await createOAuthTestServer({ clientId, clientSecret, refreshToken });
  });
  afterEach(async () => {
    await desk.close();
    await oauth.close();
    await database.close();
  });

  /** A server that lets in who has a token of this issuer, and tells others where to get one. */
  const serve = (issuer: () => string = () => oauth.issuer): Promise<McpTestServer> => {
    const intercept = (request: IncomingMessage, response: ServerResponse): boolean => {
      const origin = `http://${request.headers.host}`;
      if (request.url?.startsWith("/.well-known/oauth-protected-resource") === true) {
        const metadata = { resource: `${origin}/mcp`, authorization_servers: [issuer()] };
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(metadata));
        return true;
      }
      if (oauth.accepts(request.headers.authorization)) return false;
      const at = `${origin}/.well-known/oauth-protected-resource/mcp`;
      response.writeHead(401, { "www-authenticate": `Bearer resource_metadata="${at}"` }).end();
      return true;
    };
    return desk.serve({ intercept });
  };

  const call = (servers: Awaited<ReturnType<McpDesk["use"]>>) =>
    mcpToolOf(servers, "files__echo").execute({}, toolContextOf("anna"));

  test("is signed in to with the client's own credentials, and again when the token has run out", async () => {
    const { url } = await serve();
    const servers = await desk.use({ files: { url, oauth: { issuer: oauth.issuer, clientId, clientSecret } } });
    expect(await call(servers)).toEqual(completed("{}"));
    expect(oauth.grants.map((grant) => grant.get("grant_type"))).toEqual(["client_credentials"]);
    oauth.expire();
    await expect.poll(() => call(servers), { timeout: patience }).toEqual(completed("{}"));
    expect(oauth.grants).toHaveLength(2);
  });

  test("is signed in to with a refresh token, whose successor outlives a restart", async () => {
    const { url } = await serve();
    const config = { files: { url, oauth: { issuer: oauth.issuer, clientId, clientSecret, refreshToken } } };
    expect(await call(await desk.use(config))).toEqual(completed("{}"));
    expect(oauth.grants.map((grant) => grant.get("refresh_token"))).toEqual([refreshToken]);
    oauth.expire();
    expect(await call(await desk.use(config))).toEqual(completed("{}"));
    expect(oauth.grants).toHaveLength(2);
    expect(oauth.grants[1]?.get("refresh_token")).not.toBe(refreshToken);
  });

  test("S33 that names another issuer gets no credentials there", async () => {
    const thief = await createOAuthTestServer({ clientId, clientSecret, refreshToken });
    const { url } = await serve(() => thief.issuer);
    for (const more of [{}, { refreshToken }]) {
      const files = { url, oauth: { issuer: oauth.issuer, clientId, clientSecret, ...more } };
      const servers = await desk.use({ files }, { allow: [new URL(thief.issuer).host] });
      expect(servers.reports()).toMatchObject([{ status: "down" }]);
    }
    expect(thief.grants).toEqual([]);
    await thief.close();
  });
});
