import type { Chunk, Part } from "./chunk.ts";
import { countPositions, readGeometry, type Feature, type FeatureCollection } from "./geo-json.ts";

/** The type of the part that holds the places which an answer's tools have mentioned. */
export const mapPartType = "data-natter-map";

/** What one map may hold. */
export const mapLimits = { features: 500, positions: 20_000, characters: 262_144 };

const mostProperties = 32;
const longestKey = 64;
const longestText = 500;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Text that can be stored and sent anywhere. */
const plain = (text: string): string => text.replaceAll("\0", "").slice(0, longestText).toWellFormed();

const readProperty = (value: unknown): string | number | boolean | null => {
  if (typeof value === "string") return plain(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  return typeof value === "boolean" ? value : null;
};

const readProperties = (value: unknown): Feature["properties"] => {
  const kept: [string, string | number | boolean][] = [];
  for (const [key, member] of isObject(value) ? Object.entries(value) : []) {
    const property = readProperty(member);
    if (property === null || key === "__proto__" || key.length > longestKey || plain(key) !== key) continue;
    if (kept.push([key, property]) === mostProperties) break;
  }
  return Object.fromEntries(kept);
};

const featureOf = (geometry: unknown, properties: unknown): Feature[] => {
  const shape = readGeometry(geometry);
  return shape === null ? [] : [{ type: "Feature", geometry: shape, properties: readProperties(properties) }];
};

/** The features of a GeoJSON object: a collection's, a single one, or a bare geometry. What does not keep to RFC 7946 is left out. */
export const readFeatures = (value: unknown): Feature[] => {
  if (!isObject(value)) return [];
  if (value.type === "Feature") return featureOf(value.geometry, value.properties);
  if (value.type === "FeatureCollection" && Array.isArray(value.features))
    return value.features
      .slice(0, mapLimits.features)
      .flatMap((feature) => (isObject(feature) && feature.type === "Feature" ? readFeatures(feature) : []));
  return featureOf(value, {});
};

const readPlace = (value: unknown): Feature[] => {
  if (!isObject(value)) return [];
  const { latitude, longitude, ...properties } = value;
  return featureOf({ type: "Point", coordinates: [longitude, latitude] }, properties);
};

/**
 * The places that a tool's result mentions: it is GeoJSON, has GeoJSON as `geojson`, or has
 * `places: [{ name, latitude, longitude }]`.
 */
export const readPlaces = (result: unknown): Feature[] => {
  if (!isObject(result)) return [];
  const places = Array.isArray(result.places) ? result.places.slice(0, mapLimits.features).flatMap(readPlace) : [];
  return [...readFeatures(result), ...readFeatures(result.geojson), ...places];
};

/** Features as one collection: each once, in their order, as many as a map may hold. */
export const collectFeatures = (features: readonly Feature[], limits = mapLimits): FeatureCollection => {
  const known = new Map<string, Feature>();
  let { positions, characters } = limits;
  for (const feature of features) {
    const json = JSON.stringify(feature);
    if (known.has(json) || known.size === limits.features) continue;
    const count = countPositions(feature.geometry);
    if (count > positions || json.length > characters) continue;
    positions -= count;
    characters -= json.length;
    known.set(json, feature);
  }
  return { type: "FeatureCollection", features: [...known.values()] };
};

/** The features that a message shows on its maps. */
export const mapFeatures = (parts: readonly Part[]): Feature[] =>
  parts.flatMap((part) => (part.type === mapPartType && "data" in part ? readFeatures(part.data) : []));

/** The chunk that shows these features as the map of a message; none when there are none. */
export const mapChunk = (features: readonly Feature[]): Chunk | null => {
  const map = collectFeatures(features);
  return map.features.length === 0 ? null : { type: mapPartType, id: "map", data: map };
};
