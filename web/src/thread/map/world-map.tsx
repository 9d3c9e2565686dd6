import { geoPath } from "d3-geo";
import { useMemo } from "react";
import { drawableOf, viewOf, type Frame } from "./map-view.ts";
import { mapTexts } from "./map-texts.ts";
import { placeLabels } from "./place-labels.ts";
import type { MapPlace, Position } from "./read-places.ts";
import type { MapMotion } from "./use-map-motion.ts";
import { world } from "./world.ts";

const namesSaid = 8;

export interface WorldMapProps extends Pick<MapMotion, "motion" | "handlers"> {
  readonly places: readonly MapPlace[];
  readonly frame: Frame;
}

interface Marker {
  readonly name: string | null;
  readonly detail: string | null;
  readonly x: number;
  readonly y: number;
}

const namesOf = (places: readonly MapPlace[]): string => {
  const names = places.slice(0, namesSaid).map(({ name }) => name ?? mapTexts.unnamed);
  const more = places.length - names.length;
  return (more > 0 ? [...names, mapTexts.more(more)] : names).join(", ");
};

/** The land, the shapes of the places, and the points to mark, in pixels. */
const draw = (places: readonly MapPlace[], frame: Frame) => {
  const projection = viewOf(places, frame).clipExtent([
    [-frame.width, -frame.height],
    [2 * frame.width, 2 * frame.height],
  ]);
  const path = geoPath(projection).digits(1);
  const pixels = (position: Position) => projection([position[0], position[1]]);
  return {
    land: path(world.land) ?? "",
    borders: path(world.borders) ?? "",
    shapes: places.flatMap(({ shapes }) =>
      shapes.flatMap((shape) =>
        shape.type === "Point" ? [] : [{ type: shape.type, path: path(drawableOf(shape)) ?? "" }],
      ),
    ),
    markers: places.flatMap(({ name, detail, shapes }) => {
      const [first] = shapes;
      const isPoint = first?.type === "Point";
      const marked = isPoint ? shapes.filter((shape) => shape.type === "Point") : [];
      return marked.flatMap(({ coordinates }, index): Marker[] => {
        const at = pixels(coordinates);
        return at === null ? [] : [{ name: index === 0 ? name : null, detail, x: at[0], y: at[1] }];
      });
    }),
  };
};

/** Places on a map of the Earth that was drawn here; nothing of it comes from elsewhere. */
export const WorldMap = ({ places, frame, motion, handlers }: WorldMapProps) => {
  const { land, borders, shapes, markers } = useMemo(() => draw(places, frame), [places, frame]);
  const shown = markers.map((marker) => ({
    ...marker,
    x: marker.x * motion.scale + motion.x,
    y: marker.y * motion.scale + motion.y,
    text: [marker.name, marker.detail].filter((words) => words !== null).join(" "),
  }));
  const labels = placeLabels(shown, frame);
  return (
    <svg
      role="img"
      aria-label={mapTexts.map(namesOf(places))}
      tabIndex={0}
      viewBox={`0 0 ${frame.width} ${frame.height}`}
      className="block w-full cursor-grab touch-pan-y bg-(--sea) outline-offset-[-3px] select-none active:cursor-grabbing"
      {...handlers}
    >
      <g transform={`translate(${motion.x} ${motion.y}) scale(${motion.scale})`}>
        <path d={land} className="fill-(--land)" />
        <path d={borders} className="fill-none stroke-(--sea)" vectorEffect="non-scaling-stroke" />
        {shapes.map(({ type, path }, index) => (
          <path
            key={index}
            d={path}
            vectorEffect="non-scaling-stroke"
            strokeWidth={2}
            className={type === "Polygon" ? "fill-accent/20 stroke-accent" : "fill-none stroke-accent"}
          />
        ))}
      </g>
      {shown.map(({ x, y }, index) => (
        <circle key={index} cx={x} cy={y} r={5.5} strokeWidth={2} className="fill-accent stroke-surface" />
      ))}
      {shown.map(({ name, detail }, index) => {
        const place = labels[index];
        if (place == null || name === null) return null;
        return (
          <text
            key={index}
            x={place.x}
            y={place.y}
            textAnchor={place.anchor}
            strokeWidth={3.5}
            className="fill-text stroke-(--sea) text-13 font-[550] [paint-order:stroke] [stroke-linejoin:round]"
          >
            {name}
            {detail !== null && <tspan className="fill-text-2 font-normal"> {detail}</tspan>}
          </text>
        );
      })}
    </svg>
  );
};
