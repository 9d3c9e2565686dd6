import { z } from "zod";
import { authorize } from "../../auth/authorize.ts";
import { copyShared } from "../../conversations/shares/copy-shared.ts";
import { viewShared } from "../../conversations/shares/read-shared.ts";
import { NatterError } from "../../foundation/errors.ts";
import { conversationSchema } from "../../protocol/resources.ts";
import { sharedConversationSchema, type SharedConversation } from "../../protocol/share.ts";
import { answer, type Arrival } from "../request/call.ts";
import type { HttpDependencies } from "../dependencies.ts";
import { settingsTag } from "../request/etag.ts";
import { answerPage } from "../request/page.ts";
import { openRoute, route, type Route } from "../route.ts";
import { missingPage, sharedPage, type SharedPageLink } from "./shared-page.ts";

const tag = "Share links";
const params = z.object({ token: z.string().max(100) });
const hidden = { "x-robots-tag": "noindex, nofollow, noarchive", "referrer-policy": "no-referrer" };

const isMissing = (thrown: unknown): boolean => thrown instanceof NatterError && thrown.code === "not_found";

/** Only misses are counted: whoever has a link can always read, and whoever guesses can't go on for long. */
const createLook =
  ({ limiter }: HttpDependencies) =>
  async <Seen>(arrival: Arrival, look: () => Promise<Seen>): Promise<Seen> => {
    try {
      return await look();
    } catch (thrown) {
      if (!isMissing(thrown)) throw thrown;
      const { request, bindings } = arrival;
      const address = bindings.incoming?.socket.remoteAddress;
      const verdict = await limiter?.try(address, request.headers.get("x-forwarded-for"));
      throw verdict?.refusal ?? thrown;
    }
  };

const page = async (
  arrival: Arrival,
  reading: Promise<SharedConversation>,
  link: SharedPageLink,
): Promise<Response> => {
  const cacheControl = "no-store";
  try {
    return answerPage(arrival, await sharedPage(await reading, link), { cacheControl });
  } catch (thrown) {
    if (!isMissing(thrown)) throw thrown;
    return answerPage(arrival, missingPage, { status: 404, cacheControl });
  }
};

/** What a link shows to anybody. */
export const sharedRoutes = (dependencies: HttpDependencies): Route[] => {
  const { context } = dependencies;
  const look = createLook(dependencies);
  const read = (arrival: Arrival, token: string): Promise<SharedConversation> =>
    look(arrival, () => viewShared(context.database, token));
  return [
    openRoute({
      method: "get",
      path: "/v1/shared/{token}",
      summary: "A conversation as its link shows it, to anybody",
      tag,
      params,
      answers: { 200: { description: "What was said", schema: sharedConversationSchema } },
      handle: async (call) => answer(call, 200, await read(call, call.params.token), hidden),
    }),
    openRoute({
      method: "get",
      path: "/shared/{token}",
      operationId: "getSharedPage",
      summary: "The same as a page, without any script",
      tag,
      params,
      answers: { 200: { description: "The page", schema: z.string(), contentType: "text/html" } },
      handle: async (call) => {
        const { token } = call.params;
        const response = await page(call, read(call, token), {
          token,
          hasApp: dependencies.appDirectory !== undefined,
        });
        for (const [name, value] of Object.entries(hidden)) response.headers.set(name, value);
        return response;
      },
    }),
    route({
      method: "post",
      path: "/v1/shared/{token}/copy",
      summary: "Make a conversation of your own of what a link shows",
      tag,
      params,
      answers: { 201: { description: "The conversation", schema: conversationSchema, headers: ["ETag", "Location"] } },
      handle: async (call) => {
        authorize(call.principal, "create", "workspace");
        const conversation = await look(call, () => copyShared(context, call.principal, call.params.token));
        const location = `${call.basePath}/v1/conversations/${conversation.id}`;
        return answer(call, 201, conversation, { ...settingsTag(conversation), location });
      },
    }),
  ];
};
