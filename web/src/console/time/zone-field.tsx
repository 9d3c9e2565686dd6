import { useId } from "react";
import { consoleTexts } from "../console-texts.ts";
import { useZone } from "./zone.ts";

/** In which zone times are told. */
export const ZoneField = () => {
  const id = useId();
  const zone = useZone();
  return (
    <div className="flex items-center gap-2">
      <label htmlFor={id} className="text-12 text-text-3">
        {consoleTexts.zone}
      </label>
      <select
        id={id}
        className="h-8 max-w-44 rounded-small border border-line bg-surface px-1.5 text-12 text-text-2 hover:border-edge max-wide:h-10"
        value={zone.name}
        onChange={(event) => zone.choose(event.target.value)}
      >
        {zone.names.map((name) => (
          <option key={name} value={name}>
            {name.replaceAll("_", " ")}
          </option>
        ))}
      </select>
    </div>
  );
};
