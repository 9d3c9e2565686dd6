import { geoArea, geoBounds, geoCentroid, geoEqualEarth, geoMercator, type GeoProjection } from "d3-geo";
import type { MapPlace, MapShape, Position } from "./read-places.ts";

/** Pixels of the drawing. */
export interface Frame {
  readonly width: number;
  readonly height: number;
}

const margin = 44;
/** Pixels per radian: about a region, so that one place alone is seen where it lies, on land that is drawn coarsely. */
const closest = 900;
const mostLatitude = 74;
const widest = 150;

type Drawable = GeoJSON.Feature<GeoJSON.Geometry>;

const copy = ([longitude, latitude]: Position): [number, number] => [longitude, latitude];

/** Rings the way that d3 wants them: an outline that goes the other way round would be all of the Earth but it. */
const polygonOf = (rings: readonly (readonly Position[])[]): GeoJSON.Polygon => {
  const coordinates = rings.map((ring, index) => {
    const positions = ring.map(copy);
    const isTurned = geoArea({ type: "Polygon", coordinates: [positions] }) > 2 * Math.PI;
    return isTurned === (index === 0) ? positions.toReversed() : positions;
  });
  return { type: "Polygon", coordinates };
};

/** A shape as d3 draws it. */
export const drawableOf = (shape: MapShape): Drawable => {
  const geometry: GeoJSON.Geometry =
    shape.type === "Point"
      ? { type: "Point", coordinates: copy(shape.coordinates) }
      : shape.type === "LineString"
        ? { type: "LineString", coordinates: shape.coordinates.map(copy) }
        : polygonOf(shape.coordinates);
  return { type: "Feature", properties: {}, geometry };
};

/** A projection that shows all places, with room around them, and none of them closer than is of use. */
export const viewOf = (places: readonly MapPlace[], { width, height }: Frame): GeoProjection => {
  const features = places.flatMap(({ shapes }) => shapes.map(drawableOf));
  const all: GeoJSON.FeatureCollection = { type: "FeatureCollection", features };
  const [longitude] = geoCentroid(all);
  const [[west, south], [east, north]] = geoBounds(all);
  const span = east >= west ? east - west : east + 360 - west;
  const isWide = span > widest || Math.max(Math.abs(south), Math.abs(north)) > mostLatitude;
  const projection = (isWide ? geoEqualEarth() : geoMercator()).rotate([
    Number.isFinite(longitude) ? -longitude : 0,
    0,
  ]);
  projection.fitExtent(
    [
      [margin, margin],
      [width - margin, height - margin],
    ],
    all,
  );
  if (projection.scale() <= closest) return projection;
  const centre = geoCentroid(all);
  return projection
    .scale(closest)
    .center([0, centre[1]])
    .translate([width / 2, height / 2]);
};
