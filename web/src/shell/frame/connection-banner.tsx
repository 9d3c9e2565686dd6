import type { Connection } from "natter/client";
import { useOnline } from "../../ui/use-online.ts";
import { shellTexts } from "../shell-texts.ts";

/** Says so when the device has no network, or the server does not answer. */
export const ConnectionBanner = ({ connection }: { readonly connection: Connection }) => {
  const isOnline = useOnline();
  const text = isOnline ? (connection === "connected" ? null : shellTexts.unreachable) : shellTexts.offline;
  return (
    <div role="status">
      {text !== null && (
        <p className="animate-appear border-y border-warn-line bg-warn-soft px-5 py-2 text-13 text-text [animation-delay:600ms] [animation-fill-mode:backwards]">
          {text}
        </p>
      )}
    </div>
  );
};
