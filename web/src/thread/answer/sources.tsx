import { FileText, Link } from "lucide-react";
import { linkAddress } from "../../markdown/text/safe-address.ts";
import type { SourcePart } from "../message/part-groups.ts";
import { threadTexts } from "../thread-texts.ts";

const chip =
  "inline-flex h-7 max-w-64 items-center gap-1.5 rounded-full border border-line bg-surface px-2.5 text-12 text-text-2";

const Source = ({ part }: { readonly part: SourcePart }) => {
  if (part.type === "source-document") {
    return (
      <span className={chip}>
        <FileText size={13} strokeWidth={1.5} className="shrink-0" />
        <span className="truncate">{part.title}</span>
      </span>
    );
  }
  const address = linkAddress(part.url);
  const words = (
    <>
      <Link size={13} strokeWidth={1.5} className="shrink-0" />
      <span className="truncate">{part.title ?? (address === null ? part.url : new URL(address).host)}</span>
    </>
  );
  return address === null ? (
    <span className={chip}>{words}</span>
  ) : (
    <a
      href={address}
      target="_blank"
      rel="noopener noreferrer nofollow"
      title={address}
      className={`${chip} hover:border-edge hover:text-text`}
    >
      {words}
    </a>
  );
};

/** What an answer goes back to. */
export const Sources = ({ parts }: { readonly parts: readonly SourcePart[] }) => (
  <ul aria-label={threadTexts.sources} className="flex flex-wrap gap-1.5">
    {parts.map((part) => (
      <li key={part.sourceId} className="max-w-full">
        <Source part={part} />
      </li>
    ))}
  </ul>
);
