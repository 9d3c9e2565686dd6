import { consoleTexts } from "../console-texts.ts";
import { useZone } from "./zone.ts";

const formats = new Map<string, Intl.DateTimeFormat>();

const formatIn = (zone: string): Intl.DateTimeFormat => {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat(undefined, { dateStyle: "short", timeStyle: "medium", timeZone: zone });
  formats.set(zone, format);
  return format;
};

/** A moment in the zone of the console. */
export const Time = ({ at }: { readonly at: string | null }) => {
  const zone = useZone();
  if (at === null) return consoleTexts.none;
  return (
    <time dateTime={at} title={at}>
      {formatIn(zone.name).format(new Date(at))}
    </time>
  );
};
