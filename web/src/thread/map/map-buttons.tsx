import { Minus, Plus, Scan } from "lucide-react";
import { mapTexts } from "./map-texts.ts";

export interface MapButtonsProps {
  readonly onCloser: () => void;
  readonly onFarther: () => void;
  readonly onReset: () => void;
}

const icon = { size: 15, strokeWidth: 1.75, "aria-hidden": true };

/** Buttons in the corner of a map. */
export const MapButtons = ({ onCloser, onFarther, onReset }: MapButtonsProps) => (
  <div role="group" aria-label={mapTexts.tools} className="ms-auto flex text-text-3">
    {[
      { label: mapTexts.closer, content: <Plus {...icon} />, act: onCloser },
      { label: mapTexts.farther, content: <Minus {...icon} />, act: onFarther },
      { label: mapTexts.reset, content: <Scan {...icon} />, act: onReset },
    ].map(({ label, content, act }) => (
      <button
        key={label}
        type="button"
        aria-label={label}
        title={label}
        onClick={act}
        className="grid size-7 place-items-center rounded-small outline-offset-[-3px] hover:bg-hover hover:text-text max-wide:size-10"
      >
        {content}
      </button>
    ))}
  </div>
);
