import { z } from "zod";
import type { HttpDependencies } from "../dependencies.ts";
import { docsPage } from "./docs-page.ts";
import { describeRoutes } from "./openapi.ts";
import { answerPage, type Page } from "../request/page.ts";
import { openRoute, type Route } from "../route.ts";

const tag = "Documents";

const page = (path: string, summary: string, content: Page): Route =>
  openRoute({
    method: "get",
    path,
    summary,
    tag,
    answers: { 200: { description: "A page", schema: z.string(), contentType: "text/html" } },
    handle: (call) => answerPage(call, content),
  });

/** What explains the other routes. */
export const documentRoutes = ({ version }: HttpDependencies, others: readonly Route[]): Route[] => {
  let known: object | undefined;
  const description: Route = openRoute({
    method: "get",
    path: "/openapi.json",
    summary: "This description",
    tag,
    answers: { 200: { description: "OpenAPI 3.1", schema: z.record(z.string(), z.unknown()) } },
    handle: ({ requestId, basePath }) => {
      known ??= describeRoutes(all, version);
      return new Response(JSON.stringify({ ...known, servers: [{ url: basePath === "" ? "/" : basePath }] }), {
        headers: { "content-type": "application/json", "cache-control": "no-cache", "x-request-id": requestId },
      });
    },
  });
  const own: Route[] = [description, page("/docs", "The API's documentation", docsPage)];
  const all: Route[] = [...others, ...own];
  return own;
};
