import { Link } from "wouter";
import { FullPage } from "./full-page.tsx";
import { shellTexts } from "../shell-texts.ts";

/** Stands where an address leads nowhere. */
export const MissingPage = () => (
  <FullPage title={shellTexts.pageMissingTitle} text="">
    <Link href="/" className="font-[570] text-accent-ink underline underline-offset-4">
      {shellTexts.startNew}
    </Link>
  </FullPage>
);
