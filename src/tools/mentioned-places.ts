import type { Chunk, Part } from "../protocol/chunk.ts";
import { collectFeatures, mapPartType, readPlaces } from "../protocol/map-part.ts";
import { toolResultParts } from "../protocol/tool-result-part.ts";

const resultOf = (part: Part): unknown =>
  "toolCallId" in part && part.state === "output-available" && part.preliminary !== true ? part.output : undefined;

/** The chunk that shows the places which an answer's tools have mentioned, on one map; none when there are no places. */
export const mapChunks = (parts: readonly Part[]): Chunk[] => {
  const results = [
    ...toolResultParts(parts).map(({ data }) => (data.outcome.type === "completed" ? data.outcome.data : undefined)),
    ...parts.map(resultOf),
  ];
  const map = collectFeatures(results.flatMap(readPlaces));
  return map.features.length === 0 ? [] : [{ type: mapPartType, id: "map", data: map }];
};
