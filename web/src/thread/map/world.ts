import { feature, mesh } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import atlas from "world-atlas/countries-110m.json";

type Atlas = Topology<{ readonly land: GeometryCollection; readonly countries: GeometryCollection }>;

// the types of an imported JSON file know no literals, such as "Topology"
const isAtlas = (value: unknown): value is Atlas =>
  typeof value === "object" && value !== null && "type" in value && value.type === "Topology";

const countries: unknown = atlas;
if (!isAtlas(countries)) throw new Error("world-atlas holds no topology");

/** Land and the borders of countries of the whole Earth, at 1 : 110 million; Natural Earth, public domain. */
export const world = {
  land: feature(countries, countries.objects.land),
  borders: mesh(countries, countries.objects.countries),
};
