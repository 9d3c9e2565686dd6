import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { conversationPath } from "../shell/conversation/conversation-path.ts";
import { FullPage } from "../shell/frame/full-page.tsx";
import { useNatter } from "../shell/natter-context.ts";
import { shellTexts } from "../shell/shell-texts.ts";
import { Button } from "../ui/button/button.tsx";
import { messageOf } from "../ui/message-of.ts";
import { copyTexts } from "./copy-texts.ts";

/** Where the page of a link leads: a conversation of one's own of what it shows, to go on with. */
export const CopyPage = () => {
  const { shares } = useNatter();
  const [, navigate] = useLocation();
  const [token] = useState(() => location.hash.slice(1));
  const [isCopying, setIsCopying] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const shared = useQuery({
    queryKey: ["shared", token],
    queryFn: () => shares.read(token),
    retry: false,
    staleTime: Infinity,
  });
  const copy = async (): Promise<void> => {
    setIsCopying(true);
    setError(null);
    try {
      navigate(conversationPath((await shares.copy(token)).id), { replace: true });
    } catch (thrown) {
      setError(messageOf(thrown));
      setIsCopying(false);
    }
  };
  if (shared.isPending) return null;
  if (shared.isError) {
    return (
      <FullPage title={copyTexts.gone} text={messageOf(shared.error)}>
        <Link href="/" className="font-[570] text-accent-ink underline underline-offset-4">
          {shellTexts.startNew}
        </Link>
      </FullPage>
    );
  }
  const { title, messages } = shared.data;
  return (
    <FullPage title={title ?? copyTexts.untitled} text={copyTexts.offer(messages.length)}>
      <span className="flex flex-col items-center gap-3">
        <Button look="primary" disabled={isCopying} onClick={() => void copy()}>
          {isCopying ? copyTexts.copying : copyTexts.make}
        </Button>
        <span role="alert" className="text-13 text-danger empty:hidden">
          {error}
        </span>
      </span>
    </FullPage>
  );
};
