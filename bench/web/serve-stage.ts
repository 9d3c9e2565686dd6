import { serve } from "@hono/node-server";
import { createAppFiles } from "../../src/http/server/app-files.ts";
import { findFreePort } from "../../src/testing/servers/private-server.ts";

/** Serves a built stage with the headers of the app, its content security policy among them. */
export const serveStage = async (directory: string): Promise<Readonly<{ url: string; stop: () => void }>> => {
  const files = createAppFiles(directory);
  const port = await findFreePort();
  const server = serve({
    port,
    hostname: "127.0.0.1",
    fetch: async (request) => {
      const path = new URL(request.url).pathname.slice(1);
      try {
        return path === "" ? await files.page(request, "") : await files.file(request, path);
      } catch (error) {
        return new Response(String(error), { status: 404 });
      }
    },
  });
  return { url: `http://127.0.0.1:${port}/`, stop: () => server.close() };
};
