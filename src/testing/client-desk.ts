import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient, type Client } from "../client/client.ts";
import { createConversationStore, type ConversationStore } from "../client/conversation/conversation-store.ts";
import type { ConversationStoreOptions } from "../client/conversation/store-options.ts";
import { startServer, type HttpServer } from "../http/server/server.ts";
import { createNatter, type Running } from "../natter.ts";
import { hasFinished, untilView } from "./client-views.ts";
import { startCutProxy, type CutProxy } from "./servers/cut-proxy.ts";

/** A real server, and stores of conversations that reach it through a cable. */
export interface ClientDesk {
  readonly client: Client;
  readonly cable: CutProxy;
  /** A client that asks the server itself, in the way of the test. */
  clientWith(fetch: typeof globalThis.fetch): Client;
  open(conversationId?: string, options?: ConversationStoreOptions, of?: Client): ConversationStore;
  /** A store whose first message is answered. */
  settled(text?: string): Promise<ConversationStore>;
  closeStores(): void;
  stopServer(): Promise<void>;
  startServer(): Promise<void>;
  close(): Promise<void>;
}

export const createClientDesk = async (): Promise<ClientDesk> => {
  const folder = await mkdtemp(join(tmpdir(), "natter-client-"));
  const stores: ConversationStore[] = [];
  let running: Running;
  let server: HttpServer;
  const cable = await startCutProxy(() => server.port);
  const start = async (): Promise<void> => {
    const env = { NATTER_DRAIN_SECONDS: "0", NATTER_ALLOWED_HOSTS: `127.0.0.1:${cable.port}` };
    running = await createNatter({ dataDirectory: folder, env }).start();
    server = await startServer(running.http, { host: "127.0.0.1", port: 0 });
    running.listening(server.port);
  };
  const stop = async (): Promise<void> => {
    await server.close(0.1);
    await running.close();
  };
  await start();
  const client = createClient({ baseUrl: `http://127.0.0.1:${cable.port}`, token: running!.token ?? "" });
  const open: ClientDesk["open"] = (conversationId, options = {}, of = client) => {
    const store = createConversationStore(of, conversationId, options);
    stores.push(store);
    return store;
  };
  return {
    client,
    cable,
    clientWith: (fetch) =>
      createClient({ baseUrl: `http://127.0.0.1:${server.port}`, token: running.token ?? "", fetch }),
    open,
    async settled(text = "hello") {
      const store = open();
      store.send(text);
      await untilView(store, hasFinished);
      return store;
    },
    closeStores() {
      for (const store of stores.splice(0)) store.close();
    },
    stopServer: stop,
    startServer: start,
    async close() {
      await cable.close();
      await stop();
      await rm(folder, { recursive: true });
    },
  };
};
