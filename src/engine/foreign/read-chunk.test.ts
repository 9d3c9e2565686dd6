import { describe, expect, it } from "vitest";
import { readChunk } from "./read-chunk.ts";

const point = { type: "Feature", geometry: { type: "Point", coordinates: [1, 2] }, properties: { name: "x" } };

describe("Natter's own parts from a runner", () => {
  it("S10 are not taken at its word: what a background tool gave is Natter's to tell", () => {
    const data = { toolExecutionId: "x", callId: "c", tool: "pay", round: 1, outcome: { type: "completed", data: 1 } };
    expect(readChunk({ type: "data-natter-tool-result", id: "x.1", data })).toBeNull();
    expect(readChunk({ type: "data-natter-anything", data: 1 })).toBeNull();
    expect(readChunk({ type: "data-place", data: 1 })).toEqual({ type: "data-place", data: 1 });
  });

  it("A5 are maps, if they hold places, and nothing else of them", () => {
    const strange = { type: "Feature", geometry: { type: "Point", coordinates: [1_000, 2] } };
    const data = { type: "FeatureCollection", features: [point, strange], evil: "<script>" };
    expect(readChunk({ type: "data-natter-map", id: "mine", data })).toEqual({
      type: "data-natter-map",
      id: "map",
      data: { type: "FeatureCollection", features: [point] },
    });
    expect(readChunk({ type: "data-natter-map", data: { features: "none" } })).toBeNull();
  });
});
