import { z } from "zod";
import { unauthenticated } from "../auth/credentials.ts";
import { isSameSecret } from "../auth/loopback-token.ts";
import type { HttpDependencies } from "./dependencies.ts";
import { openRoute, type Route } from "./route.ts";

const maxAgeSeconds = 30 * 86_400;

const querySchema = z.strictObject({ token: z.string().max(200) });

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
      handle: ({ query, requestId, basePath }) => {
        if (!isSameSecret(query.token, loopback.token)) throw unauthenticated();
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
