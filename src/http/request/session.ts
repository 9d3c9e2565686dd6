import { z } from "zod";
import { unauthenticated } from "../../auth/credentials.ts";
import { isSameSecret } from "../../auth/loopback-token.ts";
import type { HttpDependencies } from "../dependencies.ts";
import { answerPage } from "./page.ts";
import { refusedLinkPage } from "../server/refused-link-page.ts";
import { openRoute, type Route } from "../route.ts";

const maxAgeSeconds = 30 * 86_400;

const querySchema = z.strictObject({ token: z.string().max(200).default("") });

const wantsPage = (request: Request): boolean => request.headers.get("accept")?.includes("text/html") === true;

/** Loopback mode: the link that `natter start` prints. */
export const sessionRoutes = ({ loopback }: HttpDependencies): Route[] => {
  if (loopback === undefined) return [];
  return [
    openRoute({
      method: "get",
      path: "/login",
      summary: "Turn the token of this machine into a cookie",
      tag: "Operation",
      query: querySchema,
      takes: ["try"],
      answers: { 303: { description: "The cookie is set", headers: ["Location", "Set-Cookie"] } },
      handle: (call) => {
        const { query, request, requestId, basePath } = call;
        if (!isSameSecret(query.token, loopback.token)) {
          if (!wantsPage(request)) throw unauthenticated();
          return answerPage(call, refusedLinkPage, { status: 401, cacheControl: "no-store" });
        }
        const cookie = `${loopback.cookie()}=${loopback.token}; Path=${basePath}/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict`;
        return new Response(null, {
          status: 303,
          headers: {
            location: `${basePath}/`,
            "set-cookie": cookie,
            "cache-control": "no-store",
            "referrer-policy": "no-referrer",
            "x-request-id": requestId,
          },
        });
      },
    }),
  ];
};
