import type { Database } from "../ports/database.ts";
import { notFound, type Permit } from "../protocol/people/access.ts";
import type { Feature, FeatureCollection } from "../protocol/message/geo-json.ts";
import { collectFeatures, mapFeatures } from "../protocol/message/map-part.ts";
import type { Principal } from "../protocol/people/principal.ts";
import { listMapRows } from "../store/conversation/map-rows.ts";
import { findMessage } from "../store/message/message-rows.ts";
import { openConversation } from "./access.ts";

/** What the map of a whole conversation may hold; the newest places have the room. */
const limits = { features: 2_000, positions: 50_000, characters: 1_048_576 };
const mostMessages = 500;

export interface MapQuery {
  readonly conversationId: string;
  /** The last message of the branch; absent: the active leaf. */
  readonly branch?: string | undefined;
}

/** The places that a branch of a conversation mentions, each once; `messageId` among its properties says where it was last. */
export const readMap = async (
  database: Database,
  principal: Principal,
  { conversationId, branch }: MapQuery,
  permit: Permit,
): Promise<FeatureCollection> => {
  const { workspaceId } = principal;
  const conversation = await openConversation(database, principal, { id: conversationId, permit });
  const leafId = branch ?? conversation.active_leaf_id;
  if (leafId === null) return { type: "FeatureCollection", features: [] };
  if ((await findMessage(database, workspaceId, conversationId, leafId)) === undefined) throw notFound("message");
  const rows = await listMapRows(database, { workspaceId, conversationId, leafId }, mostMessages);
  const newest = new Map<Feature, string>();
  for (const { id, parts } of rows.toReversed())
    for (const feature of mapFeatures(parts).toReversed()) newest.set(feature, id);
  const { type, features } = collectFeatures([...newest.keys()], limits);
  const located = features.map((feature) => ({
    ...feature,
    properties: { ...feature.properties, messageId: newest.get(feature) ?? "" },
  }));
  return { type, features: located.toReversed() };
};
