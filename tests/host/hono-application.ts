import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { createNatter } from "../../src/natter.ts";

/** An application that serves with Hono before Natter is loaded, asks once, and prints what it is answered: on its own server, and on Node's. */
const [dataDirectory = ""] = process.argv.slice(2);
const natter = createNatter({ dataDirectory, env: {}, auth: { resolve: () => ({ userId: "ada" }) } });
const application = new Hono().mount("/chat", natter.fetch);
const own = serve({ fetch: application.fetch, port: 0, hostname: "127.0.0.1" });
const plain = createServer(natter.node());
await new Promise<void>((resolve) => plain.listen(0, "127.0.0.1", resolve));

const ask = async (server: { address(): unknown }, path: string): Promise<string> => {
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}${path}/v1/chat`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ message: { text: "hello" } }),
  });
  return `${response.status} ${await response.text()}`;
};

const answers = [await ask(plain, ""), await ask(own, "/chat")];
process.stdout.write(JSON.stringify(answers));
own.close();
plain.close();
plain.closeAllConnections();
await natter.close();
