import { useQuery } from "@tanstack/react-query";
import type { NewShare } from "natter/client";
import { useState } from "react";
import { Refusal } from "../ui/page/refusal.tsx";
import { useDeed } from "../ui/page/use-deed.ts";
import { useNatter } from "../shell/natter-context.ts";
import { messageOf } from "../ui/message-of.ts";
import { NewLink } from "./new-link.tsx";
import { LinkForm, type LinkWish } from "./link-form.tsx";
import { LinkList } from "./link-list.tsx";
import type { ShareTarget } from "./share-target.ts";
import { shareTexts } from "./share-texts.ts";

/** The links of a conversation: those there are, and the way to another one. */
export const ShareLinks = ({ target }: { readonly target: ShareTarget }) => {
  const { shares } = useNatter();
  const deed = useDeed("shares");
  const [made, setMade] = useState<NewShare | null>(null);
  const { id } = target.conversation;
  const known = useQuery({ queryKey: ["shares", id], queryFn: () => shares.list(id) });
  const make = async ({ messageId, expiresIn }: LinkWish): Promise<void> =>
    setMade(await shares.create(id, { ...(messageId === null ? {} : { messageId }), expiresIn }));
  const renew = async (shareId: string, expiresAt: string | null): Promise<void> => {
    const left = expiresAt === null ? null : Math.max(60, Math.round((Date.parse(expiresAt) - Date.now()) / 1_000));
    await make({ messageId: target.leafId, expiresIn: left });
    await shares.revoke(id, shareId);
  };
  const revoke = async (shareId: string): Promise<void> => {
    await shares.revoke(id, shareId);
    if (made?.id === shareId) setMade(null);
  };
  return (
    <>
      <dl className="mb-3 flex flex-col gap-1 text-13 text-pretty text-text-2">
        <div>
          <dt className="inline font-[550] text-text">{shareTexts.seenTitle}</dt>{" "}
          <dd className="inline">{shareTexts.seen}</dd>
        </div>
        <div>
          <dt className="inline font-[550] text-text">{shareTexts.unseenTitle}</dt>{" "}
          <dd className="inline">{shareTexts.unseen}</dd>
        </div>
      </dl>
      {made === null ? (
        <LinkForm target={target} isBusy={deed.isBusy} onMake={(wish) => deed.act(() => make(wish))} />
      ) : (
        <NewLink share={made} onDone={() => setMade(null)} />
      )}
      <Refusal error={deed.error} />
      <LinkList
        target={target}
        shares={known.data?.data}
        error={known.error === null ? null : messageOf(known.error)}
        isBusy={deed.isBusy}
        onRetry={() => void known.refetch()}
        onRenew={(share) => deed.act(() => renew(share.id, share.expiresAt))}
        onRevoke={(share) => deed.act(() => revoke(share.id))}
      />
    </>
  );
};
