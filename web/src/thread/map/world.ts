import { feature, mesh } from "topojson-client";
import atlas from "world-atlas/countries-110m.json";

type Topology = Parameters<typeof mesh>[0];

// the types of an imported JSON file know no literals, such as "Topology"
const isTopology = (value: unknown): value is Topology =>
  typeof value === "object" && value !== null && "type" in value && value.type === "Topology";

const readWorld = (value: unknown) => {
  if (!isTopology(value)) throw new Error("world-atlas holds no topology");
  const { land } = value.objects;
  if (land === undefined) throw new Error("world-atlas holds no land");
  return { land: feature(value, land), borders: mesh(value) };
};

/** Land and the borders of countries of the whole Earth, at 1 : 110 million; Natural Earth, public domain. */
export const world = readWorld(atlas);
