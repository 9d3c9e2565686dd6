import type { ImportItem } from "natter/client";
import { Link } from "wouter";
import { conversationPath } from "../shell/conversation/conversation-path.ts";
import { transferTexts } from "./transfer-texts.ts";

const ItemTitle = ({ item: { title, conversationId } }: { readonly item: ImportItem }) => {
  const name = title ?? transferTexts.untitled;
  if (conversationId === null) return <bdi>{name}</bdi>;
  return (
    <Link href={conversationPath(conversationId)} className="text-accent-ink underline underline-offset-4">
      <bdi>{name}</bdi>
    </Link>
  );
};

/** What became of each conversation of an import. */
export const ImportItems = ({ items }: { readonly items: readonly ImportItem[] }) => (
  <ol className="mb-2 rounded-medium bg-sunken px-3 py-1 text-13">
    {items.map((item) => (
      <li key={item.position} className="border-t border-line py-1.5 first:border-t-0">
        <div className="flex items-baseline gap-3">
          <span className="min-w-0 flex-1 truncate">
            <ItemTitle item={item} />
          </span>
          <span className={item.outcome === "failed" ? "font-[550] text-danger" : "text-text-3 tabular-nums"}>
            {item.outcome === "imported" ? transferTexts.messages(item.messages) : transferTexts.outcomes[item.outcome]}
          </span>
        </div>
        {item.error !== null && <p className="text-12 text-pretty text-danger">{item.error}</p>}
        {item.leftOut.map((reason) => (
          <p key={reason} className="text-12 text-pretty text-text-3">
            {reason}
          </p>
        ))}
      </li>
    ))}
  </ol>
);
