const looks: Readonly<Record<string, string>> = {
  failed: "text-danger",
  running: "text-live-ink",
  queued: "text-live-ink",
  waiting: "text-warn",
};

/** A status in its colour. */
export const StatusMark = ({ status }: { readonly status: string }) => (
  <span className={looks[status] ?? "text-text-2"}>{status}</span>
);
