import type { Share } from "natter/client";
import { formatDate, formatMoment } from "../ui/format-date.ts";
import { ConfirmButton } from "../ui/button/confirm-button.tsx";
import { PageState } from "../ui/page/page-state.tsx";
import type { ShareTarget } from "./share-target.ts";
import { shareTexts } from "./share-texts.ts";

export interface LinkListProps {
  readonly target: ShareTarget;
  /** Undefined: they are not known yet. */
  readonly shares: readonly Share[] | undefined;
  readonly error: string | null;
  readonly isBusy: boolean;
  readonly onRetry: () => void;
  readonly onRenew: (share: Share) => void;
  readonly onRevoke: (share: Share) => void;
}

interface LinkRowProps extends Pick<LinkListProps, "isBusy"> {
  readonly share: Share;
  readonly isOlder: boolean;
  readonly onRenew: () => void;
  readonly onRevoke: () => void;
}

const LinkRow = ({ share, isOlder, isBusy, onRenew, onRevoke }: LinkRowProps) => {
  const date = formatMoment(share.createdAt);
  const facts = [
    share.expiresAt === null ? shareTexts.noEnd : shareTexts.until(formatDate(share.expiresAt)),
    shareTexts.views(share.views),
    ...(isOlder ? [shareTexts.isOlder] : []),
  ];
  return (
    <li className="flex min-h-14 flex-wrap items-center gap-x-3 gap-y-1 border-t border-line py-1.5 first:border-t-0">
      <span className="min-w-40 flex-1 leading-tight">
        <b className="block font-[550]">{shareTexts.linkOf(date)}</b>
        <small className="block text-12 text-text-3 tabular-nums">{facts.join(" · ")}</small>
      </span>
      <span className="flex gap-1">
        {isOlder && (
          <ConfirmButton
            label={shareTexts.update}
            question={shareTexts.updateWhat(date)}
            disabled={isBusy}
            onConfirm={onRenew}
          />
        )}
        <ConfirmButton
          label={shareTexts.revoke}
          question={shareTexts.revokeWhat(date)}
          disabled={isBusy}
          onConfirm={onRevoke}
        />
      </span>
    </li>
  );
};

/** The links that are open, the newest first. */
export const LinkList = ({ target, shares, error, isBusy, onRetry, onRenew, onRevoke }: LinkListProps) => {
  const last = target.leafId ?? target.conversation.activeLeafId;
  if (shares === undefined)
    return (
      <div className="mt-4">
        <PageState isPending error={error} onRetry={onRetry} />
      </div>
    );
  if (shares.length === 0) return <p className="mt-4 text-13 text-text-3">{shareTexts.noLinks}</p>;
  return (
    <ul className="mt-4">
      {shares.map((share) => (
        <LinkRow
          key={share.id}
          share={share}
          isOlder={share.messageId !== last}
          isBusy={isBusy}
          onRenew={() => onRenew(share)}
          onRevoke={() => onRevoke(share)}
        />
      ))}
    </ul>
  );
};
