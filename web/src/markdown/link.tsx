import type { ReactNode } from "react";

type LinkProps = Readonly<{
  address: string | null;
  written: string;
  title?: string | undefined;
  children: ReactNode;
}>;

/** A link that opens beside the app and tells its full address; what is no web or mail address stays text. */
export const Link = ({ address, written, title, children }: LinkProps) => {
  if (address === null) return <span title={written}>{children}</span>;
  return (
    <a
      href={address}
      target="_blank"
      rel="noopener noreferrer nofollow"
      title={title === undefined ? address : `${title} · ${address}`}
    >
      {children}
    </a>
  );
};
