import { MapPin } from "lucide-react";
import { lazy, Suspense, useId, useMemo, useState } from "react";
import { useMedia } from "../../ui/use-media.ts";
import type { DataPart as DataPartData } from "../message/part-groups.ts";
import { DataPart } from "../message/data-part.tsx";
import { MapButtons } from "./map-buttons.tsx";
import { mapTexts } from "./map-texts.ts";
import { readPlaces, type MapPlace } from "./read-places.ts";
import { useMapMotion } from "./use-map-motion.ts";

const frames = { wide: { width: 680, height: 300 }, narrow: { width: 340, height: 240 } };

const Nothing = () => <p className="px-3 pt-2 text-13 text-text-2">{mapTexts.failed}</p>;

const WorldMap = lazy(async () => {
  try {
    const { WorldMap: loaded } = await import("./world-map.tsx");
    return { default: loaded };
  } catch (error) {
    console.warn("the map could not be loaded", error);
    return { default: Nothing };
  }
});

const PlaceList = ({ id, places }: { readonly id: string; readonly places: readonly MapPlace[] }) => (
  <ul id={id} aria-label={mapTexts.list}>
    {places.map(({ name, detail }, index) => (
      <li key={index} dir="auto">
        <span className="text-text">{name ?? mapTexts.unnamed}</span>
        {detail !== null && <span> · {detail}</span>}
      </li>
    ))}
  </ul>
);

/** Places that an answer speaks of: on a map, and as a list for those who read or listen. */
export const MapPart = ({ part }: { readonly part: DataPartData }) => {
  const places = useMemo(() => readPlaces(part.data), [part.data]);
  const frame = useMedia("(max-width: 759.98px)") ? frames.narrow : frames.wide;
  const { motion, closer, farther, reset, handlers } = useMapMotion(frame);
  const [isListed, setIsListed] = useState(false);
  const listId = useId();
  if (places.length === 0) return <DataPart part={part} />;
  return (
    <figure className="overflow-hidden rounded-medium border border-line bg-surface">
      <Suspense fallback={<div style={{ aspectRatio: frame.width / frame.height }} className="bg-(--sea)" />}>
        <WorldMap places={places} frame={frame} motion={motion} handlers={handlers} />
      </Suspense>
      <figcaption className="border-t border-line px-3 py-2 text-12 text-text-3">
        <div className="flex items-center gap-[7px]">
          <MapPin size={14} strokeWidth={1.5} aria-hidden="true" />
          {mapTexts.places(places.length)}
          <MapButtons onCloser={closer} onFarther={farther} onReset={reset} />
          <button
            type="button"
            aria-expanded={isListed}
            aria-controls={listId}
            onClick={() => setIsListed(!isListed)}
            className="rounded-small px-1 font-[550] text-accent-ink hover:underline max-wide:min-h-10"
          >
            {isListed ? mapTexts.hideList : mapTexts.showList}
          </button>
        </div>
        <div
          {...(isListed ? { role: "group", tabIndex: 0, "aria-label": mapTexts.list } : {})}
          className={isListed ? "mt-1.5 max-h-56 overflow-y-auto" : "sr-only"}
        >
          <PlaceList id={listId} places={places} />
        </div>
      </figcaption>
    </figure>
  );
};
