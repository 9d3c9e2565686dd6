const point = (coordinates: unknown, properties: unknown = {}) => ({
  type: "Feature",
  geometry: { type: "Point", coordinates },
  properties,
});

const collection = (...features: unknown[]) => ({ type: "FeatureCollection", features });

let deep: unknown = point([1, 1]).geometry;
for (let depth = 0; depth < 60; depth += 1) deep = { type: "GeometryCollection", geometries: [deep] };

const ring = Array.from({ length: 50_000 }, (_, index) => [(index % 360) - 180, ((index * 7) % 180) - 90]);

/** What a tool might send as a map to break the page, or to reach somebody with it. */
export const hostileMaps: readonly unknown[] = [
  null,
  "<svg onload=alert(1)>",
  { type: "FeatureCollection", features: { length: 1e9 } },
  collection(point([0, 0], { name: "<img src=x onerror=alert(1)>", detail: "</text><script>alert(1)</script>" })),
  collection(
    point([0, 0], {
      name: "javascript:alert(1)",
      url: "https://evil.example",
      "marker-symbol": "url(https://evil.example/x)",
    }),
  ),
  collection(
    point([0, 0], { name: `\u202e${"\u0301".repeat(5_000)}`, fill: "url(#x)", style: "position:fixed;inset:0" }),
  ),
  collection(
    point([Number.MAX_VALUE, 1e308]),
    point(["0", "0"]),
    point([[0, 0]]),
    point({ 0: 1, 1: 2 }),
    point([null, null]),
  ),
  collection({ type: "Feature", geometry: { type: "Polygon", coordinates: [ring, ring] }, properties: null }),
  collection({
    type: "Feature",
    geometry: {
      type: "Polygon",
      coordinates: [
        [
          [0, 0],
          [0, 0],
          [0, 0],
          [0, 0],
        ],
      ],
    },
  }),
  collection({ type: "Feature", geometry: deep }),
  collection(
    ...Array.from({ length: 4_000 }, (_, index) =>
      point([(index % 360) - 180, (index % 180) - 90], { name: `Place ${index}` }),
    ),
  ),
  collection({
    type: "Feature",
    geometry: {
      type: "LineString",
      coordinates: [
        [-180, 90],
        [180, -90],
        [180, 90],
      ],
    },
  }),
  JSON.parse(
    '{"type":"FeatureCollection","features":[{"type":"Feature","__proto__":{"x":1},"geometry":{"type":"Point","coordinates":[1,1]},"properties":{"__proto__":{"name":"x"},"name":"ok"}}]}',
  ),
];
