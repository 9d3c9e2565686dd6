import { z } from "zod";
import { createAppFiles } from "./app-files.ts";
import { openRoute, type Route } from "../route.ts";

const tag = "Web app";
const pages = ["/", "/c/{conversationId}", "/sign-in", "/sign-up", "/join", "/copy", "/console", "/console/{page}"];
const namedFiles = ["icon.svg", "theme.js"];
const fileParams = z.strictObject({ file: z.string().max(200) });

/** The web app, open to anybody: what it shows comes from the other routes. Absent directory: there is none. */
export const appRoutes = (directory: string | undefined): Route[] => {
  if (directory === undefined) return [];
  const app = createAppFiles(directory);
  return [
    ...pages.map((path) =>
      openRoute({
        method: "get",
        path,
        summary: "A page of the web app",
        tag,
        answers: { 200: { description: "The page", schema: z.string(), contentType: "text/html" } },
        handle: ({ request, basePath }) => app.page(request, basePath),
      }),
    ),
    ...namedFiles.map((name) =>
      openRoute({
        method: "get",
        path: `/${name}`,
        summary: "A file of the web app",
        tag,
        answers: { 200: { description: "Its content" } },
        handle: ({ request }) => app.file(request, name),
      }),
    ),
    openRoute({
      method: "get",
      path: "/assets/{file}",
      summary: "A hashed file of the web app",
      tag,
      params: fileParams,
      answers: { 200: { description: "Its content" } },
      handle: ({ request, params }) => app.file(request, `assets/${params.file}`),
    }),
  ];
};
