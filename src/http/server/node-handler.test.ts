import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../../ports/database.ts";
import { createScriptedModel, say } from "../../testing/providers/scripted-model.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createWeb, requestOf, tokenFor, type Web } from "../../testing/servers/web.ts";
import { createNodeHandler } from "./node-handler.ts";

describe("Natter on Node's own server", () => {
  let database: Database;
  let web: Web;
  let token: string;
  const hosts: Server[] = [];
  const model = createScriptedModel(() => [say("one two")]);

  beforeAll(async () => {
    database = await testDatabases.at(-1)!.open();
    web = await createWeb({ database, model, dependencies: { limits: { bodyBytes: 2_000, bodyMs: 300 } } });
    token = await tokenFor();
  });
  afterAll(async () => {
    await web.close();
    await database.close();
  });
  afterEach(async () => {
    for (const host of hosts.splice(0)) {
      host.closeAllConnections();
      await new Promise((resolve) => host.close(resolve));
    }
  });

  const serve = async (listener: RequestListener): Promise<string> => {
    const host = createServer(listener);
    hosts.push(host);
    await new Promise<void>((resolve) => host.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(host.address() as AddressInfo).port}`;
  };

  const post = (path: string, body: unknown, base: string): Promise<Response> =>
    fetch(requestOf(path, { token, body }, base));

  describe("C1 inside a host application", () => {
    const handler = () => createNodeHandler(web.http);
    const readAll = async (incoming: IncomingMessage): Promise<Buffer> => Buffer.concat(await incoming.toArray());

    test.each<readonly [string, (text: string) => unknown]>([
      ["parsed", (text) => JSON.parse(text) as unknown],
      ["as text", (text) => text],
      ["as bytes", (text) => Buffer.from(text)],
    ])("it takes the body that a parser has read, %s", async (_name, parse) => {
      const natter = handler();
      const base = await serve(async (incoming, outgoing) =>
        natter(Object.assign(incoming, { body: parse((await readAll(incoming)).toString()) }), outgoing),
      );
      const made = await post("/v1/conversations", { title: "from a host" }, base);
      expect(await made.json()).toMatchObject({ title: "from a host" });
    });

    test("S36 a parsed body counts as well", async () => {
      const natter = handler();
      const base = await serve(async (incoming, outgoing) =>
        natter(
          Object.assign(incoming, { body: JSON.parse((await readAll(incoming)).toString()) as unknown }),
          outgoing,
        ),
      );
      expect((await post("/v1/chat", { message: { text: "x".repeat(2_500) } }, base)).status).toBe(413);
    });

    test("it works under a prefix that the host keeps or takes off, and links within it", async () => {
      const told = await createWeb({ database, model, dependencies: { basePath: "/natter" } });
      const kept = await serve(createNodeHandler(told.http));
      const untold = handler();
      const stripped = await serve((incoming, outgoing) => {
        const originalUrl = incoming.url ?? "";
        untold(Object.assign(incoming, { originalUrl, url: originalUrl.replace(/^\/natter/, "") || "/" }), outgoing);
      });
      for (const base of [kept, stripped]) {
        const made = await post("/natter/v1/conversations", {}, base);
        expect(made.status).toBe(201);
        const location = made.headers.get("location") ?? "";
        expect(location).toMatch(/^\/natter\/v1\/conversations\//);
        const read = await fetch(base + location, { headers: { authorization: `Bearer ${token}` } });
        expect(read.status).toBe(200);
        const description = await (await fetch(`${base}/natter/openapi.json`)).json();
        expect(description).toMatchObject({ servers: [{ url: "/natter" }] });
      }
      await told.close();
    });

    test("a host that reads the body and keeps it gets a problem, and its reason stands in the log", async () => {
      const natter = handler();
      const base = await serve(async (incoming, outgoing) => {
        await readAll(incoming);
        natter(incoming, outgoing);
      });
      expect((await post("/v1/chat", { message: { text: "hello" } }, base)).status).toBe(500);
    });
  });
});
