import { describe, expect, it } from "vitest";
import type { Part } from "../protocol/message/chunk.ts";
import { foldChunks } from "../testing/providers/arbitrary-answer.ts";
import { mapChunks } from "./mentioned-places.ts";

const place = (name: string) => ({ places: [{ name, latitude: 1, longitude: 2 }] });
const call = (toolCallId: string) => ({ type: "tool-find", toolCallId, input: {} }) as const;
const namesOn = (parts: readonly Part[]): unknown[] =>
  mapChunks(parts).flatMap((chunk) =>
    chunk.type === "data-natter-map"
      ? (chunk.data as { features: { properties: { name: string } }[] }).features.map(
          ({ properties }) => properties.name,
        )
      : [],
  );

describe("A8 the places of an answer", () => {
  it("are those of all its tools, on one map, however they ran", () => {
    const outcome = { type: "completed", data: place("background") };
    expect(
      namesOn([
        {
          type: "data-natter-tool-result",
          id: "x.1",
          data: { toolExecutionId: "x", callId: "b", tool: "find", round: 1, outcome },
        },
        { ...call("a"), state: "output-available", output: place("inline") },
        {
          type: "dynamic-tool",
          toolName: "find",
          toolCallId: "d",
          input: {},
          state: "output-available",
          output: place("framework"),
        },
      ]),
    ).toEqual(["background", "inline", "framework"]);
  });

  it("are not those of tools that failed, are still at work, or were only asked", () => {
    expect(
      namesOn([
        { ...call("a"), state: "output-error", errorText: JSON.stringify(place("a")) },
        { ...call("b"), state: "input-available", input: place("b") },
        { ...call("c"), state: "output-available", output: place("c"), preliminary: true },
        { ...call("d"), state: "output-available", output: { status: "pending", note: "later" } },
        { type: "text", text: JSON.stringify(place("e")) },
      ]),
    ).toEqual([]);
  });

  it("join those that the answer shows already", () => {
    const shown = {
      type: "FeatureCollection",
      features: [{ type: "Feature", geometry: { type: "Point", coordinates: [3, 4] }, properties: { name: "shown" } }],
    };
    expect(
      namesOn([
        { type: "data-natter-map", id: "map", data: shown },
        { ...call("a"), state: "output-available", output: place("a") },
      ]),
    ).toEqual(["a", "shown"]);
  });

  it("are said again as the same part by a worker that takes over after they were said", () => {
    const parts: Part[] = [{ ...call("a"), state: "output-available", output: place("a") }];
    const [chunk] = mapChunks(parts);
    const again = mapChunks([...parts, { type: "data-natter-map", id: "map", data: { features: [] } }]);
    expect(again).toEqual([chunk]);
    const folded = foldChunks([{ type: "start", messageId: "m" }, ...mapChunks(parts), ...again]);
    expect(folded.parts).toHaveLength(1);
  });
});
