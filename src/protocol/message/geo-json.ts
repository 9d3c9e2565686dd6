/** Longitude and latitude in degrees (WGS 84), then perhaps the altitude in metres: the order of RFC 7946. */
export type Position = readonly number[];

export type SimpleGeometry =
  | { readonly type: "Point"; readonly coordinates: Position }
  | { readonly type: "MultiPoint" | "LineString"; readonly coordinates: readonly Position[] }
  | { readonly type: "MultiLineString" | "Polygon"; readonly coordinates: readonly (readonly Position[])[] }
  | { readonly type: "MultiPolygon"; readonly coordinates: readonly (readonly (readonly Position[])[])[] };

/** A shape on the earth (RFC 7946), without nested collections. */
export type Geometry =
  | SimpleGeometry
  | { readonly type: "GeometryCollection"; readonly geometries: readonly SimpleGeometry[] };

export interface Feature {
  readonly type: "Feature";
  readonly geometry: Geometry;
  /** Texts, numbers and truth values; `name` is what a map shows. */
  readonly properties: Readonly<Record<string, string | number | boolean>>;
}

/** Places as maps read them (RFC 7946). */
export interface FeatureCollection {
  readonly type: "FeatureCollection";
  readonly features: readonly Feature[];
}

type Reader<Value> = (value: unknown) => Value | null;

const isWithin = (value: unknown, bound: number): value is number =>
  typeof value === "number" && value >= -bound && value <= bound;

const readPosition: Reader<Position> = (value) => {
  if (!Array.isArray(value)) return null;
  const [longitude, latitude, altitude]: unknown[] = value;
  if (!isWithin(longitude, 180) || !isWithin(latitude, 90)) return null;
  return typeof altitude === "number" && Number.isFinite(altitude)
    ? [longitude, latitude, altitude]
    : [longitude, latitude];
};

/** A list of at least so many, all of which can be read. */
const listOf =
  <Value>(read: Reader<Value>, least: number): Reader<Value[]> =>
  (value) => {
    if (!Array.isArray(value) || value.length < least) return null;
    const items: Value[] = [];
    for (const item of value) {
      const got = read(item);
      if (got === null) return null;
      items.push(got);
    }
    return items;
  };

const readLine = listOf(readPosition, 2);
const openRing = listOf(readPosition, 4);

/** A ring ends where it begins. */
const readRing: Reader<Position[]> = (value) => {
  const ring = openRing(value);
  const [first, last] = [ring?.[0], ring?.at(-1)];
  return first?.[0] === last?.[0] && first?.[1] === last?.[1] ? ring : null;
};

const readPoints = listOf(readPosition, 1);
const readLines = listOf(readLine, 1);
const readPolygon = listOf(readRing, 1);
const readPolygons = listOf(readPolygon, 1);

const shaped = <Type extends string, Coordinates>(type: Type, coordinates: Coordinates | null) =>
  coordinates === null ? null : { type, coordinates };

const readSimple: Reader<SimpleGeometry> = (value) => {
  if (typeof value !== "object" || value === null || !("type" in value) || !("coordinates" in value)) return null;
  const { coordinates } = value;
  switch (value.type) {
    case "Point":
      return shaped("Point", readPosition(coordinates));
    case "MultiPoint":
      return shaped("MultiPoint", readPoints(coordinates));
    case "LineString":
      return shaped("LineString", readLine(coordinates));
    case "MultiLineString":
      return shaped("MultiLineString", readLines(coordinates));
    case "Polygon":
      return shaped("Polygon", readPolygon(coordinates));
    case "MultiPolygon":
      return shaped("MultiPolygon", readPolygons(coordinates));
    default:
      return null;
  }
};

const readGeometries = listOf(readSimple, 1);

/** A geometry that keeps to RFC 7946: its ranges, its lengths, closed rings. Null for anything else; what it does not define is left out. */
export const readGeometry = (value: unknown): Geometry | null => {
  if (typeof value !== "object" || value === null || !("type" in value)) return null;
  if (value.type !== "GeometryCollection" || !("geometries" in value)) return readSimple(value);
  const geometries = readGeometries(value.geometries);
  return geometries === null ? null : { type: "GeometryCollection", geometries };
};

const positionsIn = (coordinates: readonly unknown[]): number => {
  let count = 0;
  for (const item of coordinates) count += Array.isArray(item) ? positionsIn(item) : 0;
  return typeof coordinates[0] === "number" ? 1 : count;
};

/** How many positions a geometry has. */
export const countPositions = (geometry: Geometry): number =>
  geometry.type === "GeometryCollection"
    ? geometry.geometries.reduce((sum, { coordinates }) => sum + positionsIn(coordinates), 0)
    : positionsIn(geometry.coordinates);
