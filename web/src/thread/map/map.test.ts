import fc from "fast-check";
import { geoPath } from "d3-geo";
import { describe, expect, it } from "vitest";
import { drawableOf, viewOf } from "./map-view.ts";
import { placeLabels } from "./place-labels.ts";
import { readPlaces, type MapPlace } from "./read-places.ts";

const frame = { width: 680, height: 300 };
const feature = (geometry: unknown, properties: unknown = {}) => ({ type: "Feature", geometry, properties });
const collection = (...features: unknown[]) => ({ type: "FeatureCollection", features });
const point = (longitude: unknown, latitude: unknown) => ({ type: "Point", coordinates: [longitude, latitude] });

const seen = (places: readonly MapPlace[]): (readonly [number, number])[] => {
  const projection = viewOf(places, frame);
  return places.flatMap(({ shapes }) =>
    shapes.flatMap((shape) => (shape.type === "Point" ? [projection([...shape.coordinates]) ?? [Number.NaN, 0]] : [])),
  );
};

describe("places of a GeoJSON that nobody vouches for (A5, S23)", () => {
  it("are those on Earth, with what they are called", () => {
    const places = readPlaces(
      collection(
        feature(point(18.07, 59.33), { name: "Stockholm", detail: "31 ms" }),
        feature(point(-6.26, 53.35), { title: "  Dublin " }),
        feature(
          {
            type: "MultiPoint",
            coordinates: [
              [1, 2],
              [3, 4],
            ],
          },
          { label: "x".repeat(500) },
        ),
        feature(point(8.68, 200)),
        feature(point("18", 59)),
        feature(point(Number.NaN, 0)),
        feature(null),
        null,
        "x",
      ),
    );
    expect(
      places.map(({ name, detail, shapes }) => [name?.length === 80 ? "cut" : name, detail, shapes.length]),
    ).toEqual([
      ["Stockholm", "31 ms", 1],
      ["Dublin", null, 1],
      ["cut", null, 2],
    ]);
  });

  it("are never too many, too deep or too long", () => {
    const line = { type: "LineString", coordinates: Array.from({ length: 100_000 }, (_, index) => [index % 180, 0]) };
    expect(readPlaces(collection(feature(line), feature(line)))).toHaveLength(1);
    expect(readPlaces(collection(...Array.from({ length: 5_000 }, () => feature(point(1, 1)))))).toHaveLength(300);
    let deep: unknown = point(1, 1);
    for (let depth = 0; depth < 50; depth += 1) deep = { type: "GeometryCollection", geometries: [deep] };
    expect(readPlaces(collection(feature(deep)))).toEqual([]);
  });

  it("are drawn without a throw, whatever came", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (geometry, data) => {
        for (const value of [
          data,
          collection(feature(geometry)),
          collection(feature({ type: "Polygon", coordinates: geometry })),
        ]) {
          const places = readPlaces(value);
          if (places.length === 0) continue;
          const draw = geoPath(viewOf(places, frame));
          for (const { shapes } of places) for (const shape of shapes) draw(drawableOf(shape));
        }
      }),
      { numRuns: 500 },
    );
    const coordinate = fc.tuple(
      fc.double({ min: -180, max: 180, noNaN: true }),
      fc.double({ min: -90, max: 90, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(coordinate, { minLength: 1, maxLength: 12 }), (coordinates) => {
        const geometries = ["MultiPoint", "LineString", "Polygon"].map((type) =>
          feature({ type, coordinates: type === "Polygon" ? [coordinates] : coordinates }),
        );
        const places = readPlaces(collection(...geometries));
        const draw = geoPath(viewOf(places, frame));
        for (const { shapes } of places)
          for (const shape of shapes) expect(draw(drawableOf(shape)) ?? "").not.toContain("NaN");
      }),
      { numRuns: 500 },
    );
  });

  it("all stand within the frame, on both sides of the date line too, and one alone in its middle", () => {
    const cities = [point(18.07, 59.33), point(8.68, 50.11), point(-6.26, 53.35)];
    const pacific = [point(178.44, -18.14), point(-171.76, -13.83)];
    for (const geometries of [cities, pacific, [point(0, 0), point(179, 60), point(-120, -80)]]) {
      for (const [x, y] of seen(readPlaces(collection(...geometries.map((geometry) => feature(geometry)))))) {
        expect(x).toBeGreaterThan(20);
        expect(x).toBeLessThan(660);
        expect(y).toBeGreaterThan(20);
        expect(y).toBeLessThan(280);
      }
    }
    const [alone] = seen(readPlaces(feature(cities[0])));
    expect(alone?.map(Math.round)).toEqual([340, 150]);
  });

  it("are filled inside and not outside, whichever way their outline goes", () => {
    const ring = [
      [0, 50],
      [10, 50],
      [10, 55],
      [0, 55],
      [0, 50],
    ];
    const areas = [ring, ring.toReversed()].map((coordinates) => {
      const places = readPlaces(feature({ type: "Polygon", coordinates: [coordinates] }));
      return Math.round(geoPath(viewOf(places, frame)).area(drawableOf(places[0]!.shapes[0]!)));
    });
    expect(areas[0]).toBe(areas[1]);
    expect(areas[0]).toBeLessThan(680 * 300);
  });
});

describe("names on a map", () => {
  it("stand beside their places, never over each other, and not at all where there is no room", () => {
    const labels = [
      { text: "Stockholm", x: 300, y: 100 },
      { text: "Uppsala", x: 314, y: 102 },
      { text: "East", x: 676, y: 100 },
      { text: "x".repeat(300), x: 300, y: 200 },
    ];
    const places = placeLabels(labels, frame);
    expect(places[0]?.anchor).toBe("end");
    expect(places[2]?.anchor).toBe("end");
    expect(places[3]).toBeNull();
  });
});
