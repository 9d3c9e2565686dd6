import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { testRuns } from "../../testing/test-runs.ts";
import { countPositions } from "./geo-json.ts";
import { collectFeatures, mapFeatures, mapLimits, readFeatures, readPlaces } from "./map-part.ts";

const point = (longitude: unknown, latitude: unknown) => ({ type: "Point", coordinates: [longitude, latitude] });
const feature = (geometry: unknown, properties: unknown = {}) => ({ type: "Feature", geometry, properties });

describe("A5 A8 the places in a tool's result", () => {
  it("are read from a list of places", () => {
    expect(
      readPlaces({ places: [{ name: "Lisbon", latitude: 38.7, longitude: -9.1, stars: 5, open: true, tags: ["x"] }] }),
    ).toEqual([feature(point(-9.1, 38.7), { name: "Lisbon", stars: 5, open: true })]);
  });

  it("are read from GeoJSON: a geometry, a feature, a collection, or one of them as `geojson`", () => {
    const square = [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 0],
    ];
    const shapes = [
      point(1, 2),
      { type: "MultiPoint", coordinates: [[1, 2]] },
      { type: "LineString", coordinates: square },
      { type: "MultiLineString", coordinates: [square] },
      { type: "Polygon", coordinates: [square] },
      { type: "MultiPolygon", coordinates: [[square]] },
      { type: "GeometryCollection", geometries: [point(1, 2), point(3, 4)] },
    ];
    for (const shape of shapes) {
      expect(readPlaces(shape)).toEqual([feature(shape)]);
      expect(readPlaces(feature(shape, { name: "x" }))).toEqual([feature(shape, { name: "x" })]);
      expect(readPlaces({ geojson: { type: "FeatureCollection", features: [feature(shape)] } })).toEqual([
        feature(shape),
      ]);
    }
  });

  it.each([
    ["a latitude beyond the pole", point(0, 90.001)],
    ["a longitude beyond the line", point(-180.5, 0)],
    ["a coordinate that is a text", point("1", 2)],
    ["no number", point(Number.NaN, Number.POSITIVE_INFINITY)],
    ["a line of one position", { type: "LineString", coordinates: [[0, 0]] }],
    [
      "a ring that is open",
      {
        type: "Polygon",
        coordinates: [
          [
            [0, 0],
            [1, 0],
            [1, 1],
            [0, 1],
          ],
        ],
      },
    ],
    [
      "a ring of three",
      {
        type: "Polygon",
        coordinates: [
          [
            [0, 0],
            [1, 0],
            [0, 0],
          ],
        ],
      },
    ],
    [
      "a collection of collections",
      { type: "GeometryCollection", geometries: [{ type: "GeometryCollection", geometries: [] }] },
    ],
    ["a type that is none", { type: "Circle", coordinates: [0, 0] }],
    ["nothing", null],
  ])("leave out %s, and keep the others", (_what, shape) => {
    const features = [feature(shape), feature(point(1, 2))];
    expect(readFeatures({ type: "FeatureCollection", features })).toEqual([feature(point(1, 2))]);
  });

  it("have properties that are safe to keep and to show anywhere", () => {
    const hostile: unknown = JSON.parse('{"__proto__": {"x": 1}, "constructor": "c", "name": "a\\u0000b\\ud800"}');
    const [read] = readFeatures(feature(point(0, 0), hostile));
    expect(read?.properties).toEqual({ constructor: "c", name: "ab\ufffd" });
    expect(Reflect.get({}, "x")).toBeUndefined();
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`k${index}`, "x".repeat(10_000)]));
    expect(JSON.stringify(readFeatures(feature(point(0, 0), many))).length).toBeLessThan(20_000);
  });

  it("are never more than a map may hold, each once", () => {
    const many = Array.from({ length: 5_000 }, (_, index) => ({
      name: `${index}`,
      latitude: 0,
      longitude: index / 100,
    }));
    expect(collectFeatures(readPlaces({ places: many })).features).toHaveLength(mapLimits.features);
    const line = { type: "LineString", coordinates: Array.from({ length: 15_000 }, (_, index) => [index / 100, 0]) };
    const lines = [
      feature(line),
      feature({ ...line, coordinates: line.coordinates.toReversed() }),
      feature(point(1, 2)),
    ];
    const map = collectFeatures(readFeatures({ type: "FeatureCollection", features: lines }));
    expect(JSON.stringify(map).length).toBeLessThan(mapLimits.characters + 1_000);
    expect(map.features.reduce((sum, { geometry }) => sum + countPositions(geometry), 0)).toBeLessThanOrEqual(
      mapLimits.positions,
    );
    expect(collectFeatures(readPlaces({ places: [many[0], many[0]] })).features).toHaveLength(1);
  });

  it("read anything without a throw, and what they read once, they read again the same", () => {
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.record({
        type: fc.constantFrom("Feature", "Point", "Polygon"),
        coordinates: fc.jsonValue(),
        geometry: fc.jsonValue(),
      }),
      fc.record({ places: fc.array(fc.record({ latitude: fc.double(), longitude: fc.double(), name: fc.string() })) }),
    );
    fc.assert(
      fc.property(anything, (value) => {
        const map = collectFeatures(readPlaces(value));
        expect(mapFeatures([{ type: "data-natter-map", data: JSON.parse(JSON.stringify(map)) }])).toEqual(
          JSON.parse(JSON.stringify(map.features)),
        );
      }),
      { numRuns: testRuns(500) },
    );
  });
});
