import { z } from "zod";
import { permitOf } from "../../auth/authorize.ts";
import { readMap } from "../../conversations/map.ts";
import { idSchema } from "../../protocol/identifiers.ts";
import { answer } from "../request/call.ts";
import type { HttpDependencies } from "../dependencies.ts";
import { route, type Route } from "../route.ts";
import { conversationParams } from "../openapi/schemas.ts";

const contentType = "application/geo+json";

const mapQuerySchema = z.strictObject({
  branch: z
    .union([idSchema, z.literal("active")])
    .optional()
    .describe("Only the path upwards from this message; default: from the active leaf"),
});

const featureCollectionSchema = z
  .object({
    type: z.literal("FeatureCollection"),
    features: z.array(
      z.object({
        type: z.literal("Feature"),
        geometry: z.looseObject({ type: z.string() }),
        properties: z
          .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
          .describe("What the tool said of the place, with `name`; `messageId`: the newest answer that mentions it"),
      }),
    ),
  })
  .meta({ id: "FeatureCollection" });

export const mapRoutes = ({ context }: HttpDependencies): Route[] => [
  route({
    method: "get",
    path: "/v1/conversations/{conversationId}/map",
    summary: "The places that a branch mentions, as GeoJSON (RFC 7946)",
    tag: "Conversations",
    params: conversationParams,
    query: mapQuerySchema,
    answers: { 200: { description: "Each place once", schema: featureCollectionSchema, contentType } },
    handle: async (call) => {
      const { branch } = call.query;
      const query = { ...call.params, branch: branch === "active" ? undefined : branch };
      const map = await readMap(context.database, call.principal, query, permitOf(call.principal, "read"));
      return answer(call, 200, map, { "content-type": contentType });
    },
  }),
];
