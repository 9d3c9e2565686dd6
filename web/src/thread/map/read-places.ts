import { isRecord } from "../../ui/stored-value.ts";

/** Degrees: longitude -180 to 180, latitude -90 to 90. */
export type Position = readonly [longitude: number, latitude: number];

export type MapShape =
  | { readonly type: "Point"; readonly coordinates: Position }
  | { readonly type: "LineString"; readonly coordinates: readonly Position[] }
  | { readonly type: "Polygon"; readonly coordinates: readonly (readonly Position[])[] };

/** Something on a map that has a name, or has none. */
export interface MapPlace {
  readonly name: string | null;
  readonly detail: string | null;
  readonly shapes: readonly MapShape[];
}

const mostPlaces = 300;
const mostPositions = 20_000;
const deepestCollection = 4;
const longestName = 80;
const longestDetail = 200;
const nameMembers = ["name", "title", "label"];
const detailMembers = ["detail", "description", "note", "value"];

interface Allowance {
  positions: number;
}

const positionOf = (value: unknown, left: Allowance): Position | null => {
  if (!Array.isArray(value)) return null;
  const [longitude, latitude]: unknown[] = value;
  if (typeof longitude !== "number" || typeof latitude !== "number") return null;
  const isOnEarth = Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90;
  if (!isOnEarth || left.positions <= 0) return null;
  left.positions -= 1;
  return [longitude, latitude];
};

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const lineOf = (value: unknown, left: Allowance): readonly Position[] => {
  const positions: Position[] = [];
  for (const item of listOf(value)) {
    if (left.positions <= 0) break;
    const position = positionOf(item, left);
    if (position !== null) positions.push(position);
  }
  return positions;
};

const point = (value: unknown, left: Allowance): readonly MapShape[] => {
  const coordinates = positionOf(value, left);
  return coordinates === null ? [] : [{ type: "Point", coordinates }];
};

const line = (value: unknown, left: Allowance): readonly MapShape[] => {
  const coordinates = lineOf(value, left);
  return coordinates.length < 2 ? [] : [{ type: "LineString", coordinates }];
};

const polygon = (value: unknown, left: Allowance): readonly MapShape[] => {
  const coordinates = listOf(value)
    .slice(0, mostPlaces)
    .map((ring) => lineOf(ring, left))
    .filter((ring) => ring.length >= 4);
  return coordinates.length === 0 ? [] : [{ type: "Polygon", coordinates }];
};

const many = (value: unknown, left: Allowance, read: (item: unknown, left: Allowance) => readonly MapShape[]) =>
  listOf(value)
    .slice(0, mostPositions)
    .flatMap((item) => read(item, left));

const shapesOf = (geometry: unknown, left: Allowance, depth = 0): readonly MapShape[] => {
  if (!isRecord(geometry) || depth > deepestCollection) return [];
  const { type, coordinates, geometries } = geometry;
  switch (type) {
    case "Point":
      return point(coordinates, left);
    case "MultiPoint":
      return many(coordinates, left, point);
    case "LineString":
      return line(coordinates, left);
    case "MultiLineString":
      return many(coordinates, left, line);
    case "Polygon":
      return polygon(coordinates, left);
    case "MultiPolygon":
      return many(coordinates, left, polygon);
    case "GeometryCollection":
      return listOf(geometries)
        .slice(0, mostPlaces)
        .flatMap((inner) => shapesOf(inner, left, depth + 1));
    default:
      return [];
  }
};

const wordsOf = (properties: unknown, members: readonly string[], most: number): string | null => {
  if (!isRecord(properties)) return null;
  for (const member of members) {
    const value = Object.hasOwn(properties, member) ? properties[member] : undefined;
    const words = typeof value === "number" ? String(value) : typeof value === "string" ? value.trim() : "";
    if (words !== "") return words.length > most ? `${words.slice(0, most - 1)}…` : words;
  }
  return null;
};

/** The places of a GeoJSON FeatureCollection (RFC 7946), whoever made it: what is no place on Earth, or too much, is left out. */
export const readPlaces = (data: unknown): readonly MapPlace[] => {
  if (!isRecord(data)) return [];
  const left: Allowance = { positions: mostPositions };
  const features = data["type"] === "Feature" ? [data] : listOf(data["features"]).slice(0, mostPlaces);
  return features.flatMap((feature) => {
    if (!isRecord(feature)) return [];
    const shapes = shapesOf(feature["geometry"], left);
    const { properties } = feature;
    const name = wordsOf(properties, nameMembers, longestName);
    return shapes.length === 0 ? [] : [{ name, detail: wordsOf(properties, detailMembers, longestDetail), shapes }];
  });
};
