import { z } from "zod";
import { authorize } from "../../auth/authorize.ts";
import { search } from "../../conversations/search/search.ts";
import { idSchema } from "../../protocol/identifiers.ts";
import { searchQuerySchema } from "../../protocol/requests.ts";
import { foundPageSchema } from "../../protocol/search.ts";
import { answer } from "../request/call.ts";
import { databaseTimestampSchema, decodeCursor, encodeCursor } from "../request/cursor.ts";
import type { HttpDependencies } from "../dependencies.ts";
import { route, type Route } from "../route.ts";

const cursorSchema = z.strictObject({ createdAt: databaseTimestampSchema, id: idSchema, conversationId: idSchema });

export const searchRoutes = ({ context: { database } }: HttpDependencies): Route[] => [
  route({
    method: "get",
    path: "/v1/search",
    summary: "Messages and titles that say all the words, among what you may see, newest first",
    tag: "Conversations",
    query: searchQuerySchema,
    answers: {
      200: {
        description: "A page of messages; on the first one also conversations by their titles",
        schema: foundPageSchema,
      },
    },
    handle: async (call) => {
      authorize(call.principal, "account", "workspace");
      const { q, cursor, limit = 20 } = call.query;
      const place = decodeCursor(cursorSchema, cursor);
      const found = await search(database, call.principal, { q, cursor: place, limit });
      return answer(call, 200, { ...found, nextCursor: encodeCursor(found.nextCursor) });
    },
  }),
];
