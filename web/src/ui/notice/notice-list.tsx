import { X } from "lucide-react";
import { useEffect, useState, useSyncExternalStore } from "react";
import { IconButton } from "../button/icon-button.tsx";
import { dismissNotice, getNotices, subscribeNotices, type Notice } from "./notices.ts";
import { uiTexts } from "../ui-texts.ts";

const shownMs = 10_000;

const NoticeRow = ({ notice }: { readonly notice: Notice }) => {
  const [isHeld, setIsHeld] = useState(false);
  useEffect(() => {
    if (isHeld) return;
    const timer = setTimeout(() => dismissNotice(notice.id), shownMs);
    return () => clearTimeout(timer);
  }, [isHeld, notice.id]);
  const { onUndo } = notice;
  return (
    <li
      onPointerEnter={() => setIsHeld(true)}
      onPointerLeave={() => setIsHeld(false)}
      onFocus={() => setIsHeld(true)}
      onBlur={() => setIsHeld(false)}
      className={`pointer-events-auto flex animate-appear items-center gap-2 rounded-medium border border-line bg-surface py-1.5 pe-1.5 ps-4 shadow-float ${notice.tone === "danger" ? "text-danger" : ""}`}
    >
      <span dir="auto" className="min-w-0 flex-1 py-1">
        {notice.text}
      </span>
      {onUndo !== undefined && (
        <button
          type="button"
          className="h-8 rounded-small px-2.5 font-[570] text-accent-ink hover:bg-hover"
          onClick={() => {
            dismissNotice(notice.id);
            onUndo();
          }}
        >
          {uiTexts.undo}
        </button>
      )}
      <IconButton
        label={uiTexts.dismiss}
        icon={<X size={16} strokeWidth={1.5} />}
        onClick={() => dismissNotice(notice.id)}
      />
    </li>
  );
};

/** The notices, in a corner. */
export const NoticeList = () => {
  const notices = useSyncExternalStore(subscribeNotices, getNotices);
  return (
    <section
      aria-label={uiTexts.notices}
      className="pointer-events-none fixed inset-x-0 bottom-4 z-40 flex justify-center px-4"
    >
      <div role="status" className="w-full max-w-[420px]">
        <ul className="flex flex-col gap-2">
          {notices.map((notice) => (
            <NoticeRow key={notice.id} notice={notice} />
          ))}
        </ul>
      </div>
    </section>
  );
};
