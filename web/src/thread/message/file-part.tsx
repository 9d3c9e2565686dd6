import { FileText, Image } from "lucide-react";
import { useState } from "react";
import { imageSource } from "../../markdown/text/safe-address.ts";
import { inWorkspace } from "../../shell/workspace-choice.ts";
import type { FilePart as FilePartData } from "./part-groups.ts";
import { threadTexts } from "../thread-texts.ts";

const kindOf = (mediaType: string): string =>
  (mediaType.split("/").at(1) ?? mediaType).split(/[;+]/)[0]?.toUpperCase() ?? "";

const chip =
  "flex max-w-full items-center gap-2.5 rounded-medium border border-line bg-surface py-[7px] pr-3.5 pl-[11px] text-left leading-tight text-text-2";

const Words = ({
  name,
  kind,
  isImage,
}: {
  readonly name: string;
  readonly kind: string;
  readonly isImage: boolean;
}) => (
  <>
    {isImage ? <Image size={16} strokeWidth={1.5} /> : <FileText size={16} strokeWidth={1.5} />}
    <span className="min-w-0">
      <span dir="auto" className="block truncate text-13 font-[550] text-text">
        {name}
      </span>
      <span className="block text-12 text-text-3">{kind}</span>
    </span>
  </>
);

/** A file of a message: an image that lies with us is shown, an image from elsewhere when a person asks for it. */
export const FilePart = ({ part: { url, mediaType, filename } }: { readonly part: FilePartData }) => {
  const [isWanted, setIsWanted] = useState(false);
  const source = imageSource(url);
  const isImage = mediaType.startsWith("image/");
  if (isImage && (source.kind === "shown" || (source.kind === "remote" && isWanted))) {
    return (
      <img
        src={inWorkspace(source.address)}
        alt={filename ?? ""}
        referrerPolicy="no-referrer"
        className="max-h-80 max-w-full rounded-medium border border-line object-contain"
      />
    );
  }
  const elsewhere = isImage && source.kind === "remote" ? threadTexts.remoteImage(source.host) : threadTexts.file;
  const words = <Words name={filename ?? elsewhere} kind={kindOf(mediaType)} isImage={isImage} />;
  if (isImage && source.kind === "remote") {
    return (
      <button type="button" className={`${chip} hover:border-edge`} onClick={() => setIsWanted(true)}>
        {words}
      </button>
    );
  }
  if (source.kind !== "shown" || source.address.startsWith("data:")) return <span className={chip}>{words}</span>;
  return (
    <a href={inWorkspace(source.address)} download={filename ?? ""} className={`${chip} hover:border-edge`}>
      {words}
    </a>
  );
};
