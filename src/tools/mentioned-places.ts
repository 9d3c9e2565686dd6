import type { Chunk, Part } from "../protocol/message/chunk.ts";
import { mapChunk, mapFeatures, readPlaces } from "../protocol/message/map-part.ts";
import { toolResultParts } from "../protocol/message/tool-result-part.ts";

const resultOf = (part: Part): unknown =>
  "toolCallId" in part && part.state === "output-available" && part.preliminary !== true ? part.output : undefined;

/** The chunk that shows the places which an answer's tools have mentioned, on one map with those it shows already; none when there are no places. */
export const mapChunks = (parts: readonly Part[]): Chunk[] => {
  const results = [
    ...toolResultParts(parts).map(({ data }) => (data.outcome.type === "completed" ? data.outcome.data : undefined)),
    ...parts.map(resultOf),
  ];
  const chunk = mapChunk([...results.flatMap(readPlaces), ...mapFeatures(parts)]);
  return chunk === null ? [] : [chunk];
};
